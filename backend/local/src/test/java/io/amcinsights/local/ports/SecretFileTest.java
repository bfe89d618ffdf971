package io.amcinsights.local.ports;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.ports.Secrets;
import io.amcinsights.ports.SecretsContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class SecretFileTest extends SecretsContract {

    @TempDir Path folder;

    @Override
    protected Secrets secrets() {
        return new SecretFile(folder.resolve("secrets.json"));
    }

    @Test
    void anotherProcessFindsThem() {
        secrets().put("a", "1");
        secrets().put("b", "2");
        assertThat(secrets().get("a")).contains("1");
        assertThat(secrets().get("b")).contains("2");
    }
}
