package io.amcinsights.local.ports;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.local.store.PrivateFiles;
import io.amcinsights.ports.Secrets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Secrets in one file that only its owner can read. */
public final class SecretFile implements Secrets {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    public SecretFile(Path file) {
        this.file = file;
    }

    @Override
    public synchronized Optional<String> get(String name) {
        return Optional.ofNullable(read().path(name).textValue());
    }

    @Override
    public synchronized void put(String name, String value) {
        ObjectNode secrets = read();
        secrets.put(name, value);
        write(secrets);
    }

    @Override
    public synchronized void remove(String name) {
        ObjectNode secrets = read();
        secrets.remove(name);
        write(secrets);
    }

    private void write(ObjectNode secrets) {
        try {
            PrivateFiles.write(file, secrets.toPrettyString());
        } catch (IOException e) {
            throw new UncheckedIOException("The workspace's secrets cannot be kept", e);
        }
    }

    private ObjectNode read() {
        try {
            return Files.exists(file)
                    ? (ObjectNode) JSON.readTree(file.toFile())
                    : JSON.createObjectNode();
        } catch (IOException e) {
            throw new UncheckedIOException("The workspace's secrets cannot be read", e);
        }
    }
}
