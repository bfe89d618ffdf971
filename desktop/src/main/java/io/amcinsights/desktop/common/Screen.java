package io.amcinsights.desktop.common;

import java.net.URL;
import java.util.Locale;
import java.util.Objects;
import java.util.ResourceBundle;

/** The screens, in the order of the navigation. */
public enum Screen {
    OVERVIEW("fth-home", "Overview"),
    TENANTS("fth-users", "Tenants"),
    WORKFLOWS("fth-book-open", "Workflows"),
    SCHEDULES("fth-calendar", "Schedules"),
    PIPELINE("fth-git-commit", "Pipeline"),
    QUERIES("fth-terminal", "Queries"),
    INSTALLATION("fth-upload-cloud", "Installation"),
    SETTINGS("fth-settings", "Settings");

    private static final Messages MESSAGES = Messages.of(Screen.class);

    private final String icon;
    private final String file;

    Screen(String icon, String file) {
        this.icon = icon;
        this.file = file;
    }

    /** Its feather icon. */
    public String icon() {
        return icon;
    }

    public String title() {
        return MESSAGES.text("screen." + name());
    }

    /** Its one-word name, the same in every language. */
    public String word() {
        return file;
    }

    /** Whether this version of the application has the screen. */
    public boolean exists() {
        return Screen.class.getResource(path()) != null;
    }

    /** Its FXML, in the package of the same name. */
    public URL fxml() {
        return Objects.requireNonNull(Screen.class.getResource(path()), path());
    }

    /** The words of its package. */
    public ResourceBundle words() {
        return ResourceBundle.getBundle(
                "io.amcinsights.desktop.%s.messages".formatted(packageName()));
    }

    private String path() {
        return "/io/amcinsights/desktop/%s/%s.fxml".formatted(packageName(), file);
    }

    private String packageName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
