package io.amcinsights.ports;

import java.time.Clock;
import java.time.Instant;

/** The documents of the other tests keep the promises too. */
class MemoryDocumentsTest extends DocumentsContract {

    private final Documents memory = new MemoryDocuments(Clock.systemUTC());

    @Override
    protected Documents documents() {
        return memory;
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }
}
