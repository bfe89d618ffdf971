package io.amcinsights.desktop.common;

import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;

/** Text in the clipboard. */
public final class ClipboardText {

    private ClipboardText() {}

    public static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }
}
