package io.amcinsights.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** With what JavaFX 26 was seen to end with. */
class DisplayTest {

    @Test
    void saysThatThereIsNoDisplay() {
        assertThat(Display.lacking(new UnsupportedOperationException("Unable to open DISPLAY")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("no display", "DISPLAY"));
    }

    @Test
    void namesTheLibrariesToInstall() {
        assertThat(
                        Display.lacking(
                                new UnsupportedOperationException(
                                        "Unable to load glass GTK library.")))
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains("libgtk-3-0", "libxtst6"));
        assertThat(
                        Display.lacking(
                                new RuntimeException(
                                        new UnsatisfiedLinkError(
                                                "no glassgtk3 in java.library.path"))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("libxtst6"));
    }

    @Test
    void knowsNothingOfOtherFailures() {
        assertThat(
                        Display.lacking(
                                new RuntimeException(
                                        "Exception in Application start method",
                                        new IllegalStateException())))
                .isEmpty();
    }
}
