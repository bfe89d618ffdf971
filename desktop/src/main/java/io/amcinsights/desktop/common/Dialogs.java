package io.amcinsights.desktop.common;

/** Questions that must be answered before anything goes on. */
public interface Dialogs {

    /**
     * Asks before something that cannot be undone.
     *
     * @param action what the button says, a verb with its object
     * @return whether the person wants it
     */
    boolean confirm(String title, String message, String action);

    /**
     * Asks before something that cannot be undone and has wide effect: the person types a word
     * first.
     *
     * @param word what must be typed, such as the tenant's name
     */
    boolean confirmTyped(String title, String message, String word, String action);
}
