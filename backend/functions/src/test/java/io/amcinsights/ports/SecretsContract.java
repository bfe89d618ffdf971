package io.amcinsights.ports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.UUID;

/** What every implementation of {@link Secrets} promises. */
public abstract class SecretsContract {

    private final String name = "amc-insights/credentials/" + UUID.randomUUID();

    protected abstract Secrets secrets();

    @Test
    void aSecretIsKeptAndReplaced() {
        assertThat(secrets().get(name)).isEmpty();
        secrets().put(name, "{\"a\":\"ä\"}");
        assertThat(secrets().get(name)).contains("{\"a\":\"ä\"}");
        secrets().put(name, "second");
        assertThat(secrets().get(name)).contains("second");
        assertThat(secrets().get(name + "2")).isEmpty();
    }

    @Test
    void aRemovedSecretIsGoneAndMayComeAgain() {
        secrets().put(name, "first");
        secrets().remove(name);
        secrets().remove(name);
        assertThat(secrets().get(name)).isEmpty();
        secrets().put(name, "again");
        assertThat(secrets().get(name)).contains("again");
    }
}
