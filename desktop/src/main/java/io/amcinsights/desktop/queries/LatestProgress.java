package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.results.Progress;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/** Tells the JavaFX thread how far work is, no more often than it has time to hear it. */
final class LatestProgress implements Progress {

    private record At(long done, long total) {}

    private final Tasks tasks;
    private final BiConsumer<Long, Long> hear;
    private final AtomicReference<@Nullable At> untold = new AtomicReference<>();

    LatestProgress(Tasks tasks, BiConsumer<Long, Long> hear) {
        this.tasks = tasks;
        this.hear = hear;
    }

    @Override
    public void at(long done, long total) {
        if (untold.getAndSet(new At(done, total)) == null) {
            tasks.inForeground(
                    () -> {
                        At now = untold.getAndSet(null);
                        if (now != null) {
                            hear.accept(now.done(), now.total());
                        }
                    });
        }
    }
}
