package io.amcinsights.workflows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.amcinsights.contract.Template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The query library: one file a template, named in the file {@code library}; in the order of their
 * categories, and by title within one.
 */
public final class Templates {

    /** From looking around to the finer questions. */
    static final List<String> CATEGORIES =
            List.of(
                    "Exploration",
                    "Reach and frequency",
                    "Overlap",
                    "Path to conversion",
                    "Custom attribution",
                    "New-to-brand",
                    "Performance deep dive",
                    "Cost analysis",
                    "Branded searches and keywords",
                    "ASIN analysis",
                    "Audience measurement",
                    "Customer value",
                    "Grocery analysis");

    private static final ObjectMapper YAML = new YAMLMapper();

    /** Read when it is first asked for, once, also where that is a function's rehearsal. */
    private static final class Library {
        private static final List<Template> ALL = read();
    }

    public List<Template> all() {
        return Library.ALL;
    }

    private static List<Template> read() {
        try {
            List<Template> templates = new ArrayList<>();
            for (String name : text("library").lines().toList()) {
                templates.add(YAML.readValue(text(name + ".yaml"), Template.class));
            }
            templates.sort(
                    Comparator.comparingInt((Template t) -> CATEGORIES.indexOf(t.category()))
                            .thenComparing(Template::title));
            return List.copyOf(templates);
        } catch (IOException e) {
            throw new UncheckedIOException("The query library cannot be read", e);
        }
    }

    private static String text(String file) throws IOException {
        try (InputStream in = Templates.class.getResourceAsStream("templates/" + file)) {
            if (in == null) {
                throw new IOException("There is no file templates/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
