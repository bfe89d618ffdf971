package io.amcinsights.desktop.common;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The words of one package, from its {@code messages.properties}. */
public final class Messages {

    private final ResourceBundle bundle;

    private Messages(ResourceBundle bundle) {
        this.bundle = bundle;
    }

    /** The words beside a class. */
    public static Messages of(Class<?> type) {
        return new Messages(ResourceBundle.getBundle(type.getPackageName() + ".messages"));
    }

    public ResourceBundle bundle() {
        return bundle;
    }

    /**
     * A text with its arguments filled in, as {@link MessageFormat} does it; without arguments the
     * text as it stands.
     */
    public String text(String key, Object... arguments) {
        String text = bundle.getString(key);
        return arguments.length == 0
                ? text
                : new MessageFormat(text, Locale.getDefault(Locale.Category.FORMAT))
                        .format(arguments);
    }
}
