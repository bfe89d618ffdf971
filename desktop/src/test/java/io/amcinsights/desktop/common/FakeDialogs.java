package io.amcinsights.desktop.common;

import java.util.ArrayList;
import java.util.List;

/** Answers every question as a test says, and keeps what was asked. */
public final class FakeDialogs implements Dialogs {

    private final List<String> asked = new ArrayList<>();
    private volatile boolean answer;

    /** What every question is answered with from now on. */
    public void answer(boolean yes) {
        answer = yes;
    }

    /** The titles of the questions so far. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public boolean confirm(String title, String message, String action) {
        asked.add(title);
        return answer;
    }

    @Override
    public boolean confirmTyped(String title, String message, String word, String action) {
        asked.add(title);
        return answer;
    }
}
