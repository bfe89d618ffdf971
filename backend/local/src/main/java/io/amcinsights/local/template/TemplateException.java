package io.amcinsights.local.template;

/** A template that cannot be brought to life as it says; the message names the place. */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * @param place such as {@code Resources/Lake/Properties} or {@code line 12}
     */
    public TemplateException(String place, String problem) {
        super("template.yaml, " + place + ": " + problem);
    }
}
