package io.amcinsights.desktop.shell;

import io.amcinsights.contract.Notice;
import io.amcinsights.contract.WorkflowRequest;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Screen;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.places.OpenTenants;
import io.amcinsights.desktop.places.ShowDataset;
import io.amcinsights.desktop.places.ShowDelivery;
import io.amcinsights.desktop.places.ShowRun;

import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.time.Duration;
import java.util.List;

/** What the installation has told, and how much of it this person has not seen. */
public final class NoticesViewModel {

    private static final Duration PAUSE = Duration.ofSeconds(15);
    private static final int SHOWN = 50;

    private final Backend backend;
    private final Tasks tasks;
    private final Navigation navigation;
    private final Preferences preferences;
    private final String seenKey;
    private final ObservableList<Notice> newest = FXCollections.observableArrayList();
    private final ReadOnlyIntegerWrapper unseen = new ReadOnlyIntegerWrapper();
    private final Tasks.Repeated refreshing;

    /**
     * @param installation whose notices they are; what was seen is remembered for each
     */
    public NoticesViewModel(
            Backend backend,
            Tasks tasks,
            Navigation navigation,
            Preferences preferences,
            String installation) {
        this.backend = backend;
        this.tasks = tasks;
        this.navigation = navigation;
        this.preferences = preferences;
        seenKey = "notices.seen." + installation;
        refreshing = tasks.repeated(() -> PAUSE, this::refresh);
    }

    void start() {
        refreshing.start();
    }

    /** Asks no more. */
    public void stop() {
        refreshing.stop();
    }

    /** A look that fails changes nothing; the next one may not. */
    private void refresh() {
        tasks.run(() -> backend.call(new WorkflowRequest.ListNotices(SHOWN, null)).notices())
                .onSuccess(this::show)
                .start();
    }

    private void show(List<Notice> now) {
        if (!newest.equals(now)) {
            newest.setAll(now);
        }
        String seen = preferences.get(seenKey).orElse("");
        unseen.set((int) now.stream().filter(n -> n.noticeId().compareTo(seen) > 0).count());
    }

    /** All that is shown has been seen. */
    void seen() {
        if (!newest.isEmpty()) {
            preferences.put(seenKey, newest.getFirst().noticeId());
        }
        unseen.set(0);
    }

    /** Goes where a notice leads. */
    void open(Notice notice) {
        switch (notice.kind()) {
            case RUN -> navigation.show(Screen.PIPELINE, new ShowRun(notice.subjectId()));
            case DELIVERY -> navigation.show(Screen.PIPELINE, new ShowDelivery(notice.subjectId()));
            case TENANT ->
                    navigation.show(Screen.TENANTS, new OpenTenants.Details(notice.subjectId()));
            case CREDENTIALS -> navigation.show(Screen.TENANTS);
            case DATASET -> navigation.show(Screen.PIPELINE, new ShowDataset(notice.subjectId()));
            case SCHEDULE -> navigation.show(Screen.SCHEDULES);
        }
    }

    ObservableList<Notice> newest() {
        return newest;
    }

    ReadOnlyIntegerProperty unseenProperty() {
        return unseen.getReadOnlyProperty();
    }
}
