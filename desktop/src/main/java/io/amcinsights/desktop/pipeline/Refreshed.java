package io.amcinsights.desktop.pipeline;

import javafx.collections.ObservableList;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Brings a shown list up to date without disturbing what did not change. */
final class Refreshed {

    private Refreshed() {}

    /** Makes {@code list} equal to {@code next}; elements with the same key stay in place. */
    static <T> void into(ObservableList<T> list, List<T> next, Function<T, Object> key) {
        Set<Object> wanted = new HashSet<>();
        next.forEach(element -> wanted.add(key.apply(element)));
        list.removeIf(element -> !wanted.contains(key.apply(element)));
        Map<Object, T> present = new HashMap<>();
        list.forEach(element -> present.put(key.apply(element), element));
        for (int i = 0; i < next.size(); i++) {
            T element = next.get(i);
            Object id = key.apply(element);
            if (i < list.size() && key.apply(list.get(i)).equals(id)) {
                if (!list.get(i).equals(element)) {
                    list.set(i, element);
                }
            } else {
                T moved = present.get(id);
                if (moved != null) {
                    list.remove(moved);
                }
                list.add(Math.min(i, list.size()), element);
            }
        }
    }
}
