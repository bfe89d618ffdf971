package io.amcinsights.workflows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.amcinsights.contract.Template;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The query library: one file a template, in the order of the file {@code library}. */
public final class Templates {

    private static final ObjectMapper YAML = new YAMLMapper();

    private @Nullable List<Template> templates;

    synchronized List<Template> all() {
        List<Template> read = templates;
        if (read == null) {
            read = read();
            templates = read;
        }
        return read;
    }

    private static List<Template> read() {
        try {
            List<Template> templates = new ArrayList<>();
            for (String name : text("library").lines().toList()) {
                templates.add(YAML.readValue(text(name + ".yaml"), Template.class));
            }
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
