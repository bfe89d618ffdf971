package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.common.Messages;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Types of resources in words: what each is called, and what is lost with one. */
public final class Losses {

    private static final Messages MESSAGES = Messages.of(Losses.class);

    private Losses() {}

    /** What is lost with a resource of a type; empty where it holds nothing. */
    public static String of(String type) {
        return word("lost.", type);
    }

    static boolean matters(String type) {
        return !of(type).isEmpty();
    }

    /** A type as people call it: {@code Lambda function}. */
    public static String name(String type) {
        String known = word("type.", type);
        if (!known.isEmpty()) {
            return known;
        }
        String[] parts = type.split("::", -1);
        return Arrays.stream(parts)
                .skip(Math.max(0, parts.length - 2))
                .collect(Collectors.joining(" "));
    }

    private static String word(String prefix, String type) {
        String key = prefix + type.replace("::", ".");
        return MESSAGES.bundle().containsKey(key) ? MESSAGES.text(key) : "";
    }
}
