package io.amcinsights.desktop.results;

import javafx.collections.ObservableListBase;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The rows of a result as a list that a table shows: a page is read when one of its rows is first
 * asked for, and only the pages used last are kept. Belongs to the thread of {@code here}.
 */
public final class PagedRows extends ObservableListBase<Row> {

    static final int PAGE = 1_000;

    private static final int KEPT_PAGES = 40;

    private final ResultFile file;
    private final int size;
    private final Executor background;
    private final Executor here;
    private final Consumer<Throwable> onFailure;
    private final Map<Integer, List<Row>> pages =
            new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, List<Row>> eldest) {
                    return size() > KEPT_PAGES;
                }
            };
    private final Set<Integer> asked = new HashSet<>();

    /**
     * @param background reads pages
     * @param here runs what changes the list; the user interface's thread
     * @param onFailure told when a page cannot be read
     */
    public PagedRows(
            ResultFile file, Executor background, Executor here, Consumer<Throwable> onFailure) {
        this.file = file;
        // A table counts its rows in an int.
        this.size = (int) Math.min(Integer.MAX_VALUE - 1, file.rowCount());
        this.background = background;
        this.here = here;
        this.onFailure = onFailure;
    }

    @Override
    public int size() {
        return size;
    }

    /** The row, or {@link Row#LOADING} until its page has been read. */
    @Override
    public Row get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        int page = index / PAGE;
        List<Row> rows = pages.get(page);
        if (rows != null && index % PAGE < rows.size()) {
            return rows.get(index % PAGE);
        }
        if (asked.add(page)) {
            background.execute(() -> read(page));
        }
        return Row.LOADING;
    }

    /** Takes over rows from the beginning that were read before, so that they need not load. */
    public void begin(List<Row> rows) {
        pages.put(0, List.copyOf(rows.subList(0, Math.min(rows.size(), PAGE))));
    }

    private void read(int page) {
        try {
            List<Row> rows = file.rows((long) page * PAGE, PAGE);
            here.execute(() -> arrived(page, rows));
        } catch (RuntimeException e) {
            here.execute(() -> onFailure.accept(e));
        }
    }

    private void arrived(int page, List<Row> rows) {
        asked.remove(page);
        pages.put(page, rows);
        int from = page * PAGE;
        beginChange();
        nextReplace(from, from + rows.size(), Collections.nCopies(rows.size(), Row.LOADING));
        endChange();
    }

    // A table looks rows up by value to keep its selection; searching would read the whole file.

    /** By identity: equal rows at other places are other rows. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public int indexOf(@Nullable Object row) {
        for (Map.Entry<Integer, List<Row>> page : pages.entrySet()) {
            for (int i = 0; i < page.getValue().size(); i++) {
                if (page.getValue().get(i) == row) {
                    return page.getKey() * PAGE + i;
                }
            }
        }
        return -1;
    }

    @Override
    public int lastIndexOf(@Nullable Object row) {
        return indexOf(row);
    }

    @Override
    public boolean contains(@Nullable Object row) {
        return indexOf(row) >= 0;
    }
}
