package io.amcinsights.local.athena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** The work groups: those of the template, and the one that every account has. */
public final class WorkGroups {

    private final ConcurrentSkipListMap<String, WorkGroup> groups = new ConcurrentSkipListMap<>();
    private final InstantSource clock;

    public WorkGroups(InstantSource clock) {
        this.clock = clock;
        define(WorkGroup.PRIMARY, "", JsonNodeFactory.instance.objectNode());
    }

    /**
     * Makes a work group.
     *
     * @param configuration as in the template
     */
    public void define(String name, String description, JsonNode configuration) {
        groups.put(name, new WorkGroup(name, description, configuration, clock.instant()));
    }

    @Nullable WorkGroup find(String name) {
        return groups.get(name);
    }

    /** Up to {@code limit} work groups by name, behind {@code after}. */
    List<WorkGroup> list(String after, int limit) {
        return groups.tailMap(after, false).values().stream().limit(limit).toList();
    }
}
