package io.amcinsights.desktop.common;

/** The states that have a colour and an icon of their own, everywhere the same. */
public enum Tone {
    WAITING("waiting", "fth-clock"),
    RUNNING("running", "fth-play-circle"),
    SUCCEEDED("succeeded", "fth-check-circle"),
    FAILED("failed", "fth-alert-circle"),
    CANCELLED("cancelled", "fth-slash"),
    PRIVACY("privacy", "fth-eye-off");

    private final String styleClass;
    private final String icon;

    Tone(String styleClass, String icon) {
        this.styleClass = styleClass;
        this.icon = icon;
    }

    /** The style class that colours it: {@code tone-<word>}. */
    public String styleClass() {
        return "tone-" + styleClass;
    }

    /** Its feather icon. */
    public String icon() {
        return icon;
    }
}
