package io.amcinsights.amc;

import static io.amcinsights.amc.AmcTransport.encode;
import static io.amcinsights.amc.AmcTransport.reporting;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The results of executions, by links that live ten minutes: the only way to them where an instance
 * has no bucket.
 */
public final class AmcDownloads {

    /**
     * The links to one result.
     *
     * @param parts of the result, in order
     * @param metadata about it
     */
    public record Links(List<URI> parts, List<URI> metadata) {}

    private static final int FRESH_LINKS = 3;
    private static final String STORE = "The store of AMC's results";

    private final AmcTransport transport;

    AmcDownloads(AmcTransport transport) {
        this.transport = transport;
    }

    /** The links to an execution's result; empty while it has none. */
    public Optional<Links> links(AmcAddress address, String executionId) {
        String path =
                reporting(address, "/workflowExecutions/" + encode(executionId) + "/downloadUrls");
        List<URI> parts = new ArrayList<>();
        List<URI> metadata = new ArrayList<>();
        try {
            String token = null;
            do {
                String page = token == null ? path : path + "?nextToken=" + encode(token);
                JsonNode answer = transport.get(address.account(), page);
                answer.path("downloadUrls").forEach(u -> parts.add(URI.create(u.asText())));
                answer.path("metadataDownloadUrls")
                        .forEach(u -> metadata.add(URI.create(u.asText())));
                token = AmcTransport.text(answer, "nextToken");
            } while (token != null);
        } catch (FailureException e) {
            if (AmcTransport.refusedWith(e, "unavailable for download")) {
                return Optional.empty();
            }
            throw e;
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Links(parts, metadata));
    }

    /**
     * Fetches the first parts of an execution's result.
     *
     * @param folder where its parts are put
     * @param most fetches so many parts at most
     * @return the parts as files, in order; empty while there is no result
     */
    public List<Path> fetch(AmcAddress address, String executionId, Path folder, int most)
            throws IOException {
        Links links = links(address, executionId).orElse(null);
        List<Path> files = new ArrayList<>();
        int fresh = 0;
        while (links != null && files.size() < Math.min(most, links.parts().size())) {
            int part = files.size();
            Path file = folder.resolve("%s-%05d.csv".formatted(executionId, part));
            if (fetch(links.parts().get(part), file)) {
                files.add(file);
            } else if (fresh++ < FRESH_LINKS) {
                links = links(address, executionId).orElse(null);
            } else {
                throw Failure.of(
                                ErrorCode.AMC_REFUSED,
                                STORE + " does not accept AMC's own download links.")
                        .next("Try again; if it stays, run the workflow again.")
                        .exception();
            }
        }
        return files;
    }

    /** False where the link has expired. */
    private boolean fetch(URI link, Path file) throws IOException {
        Path raw = file.resolveSibling(file.getFileName() + ".part");
        try {
            // the link is signed: with a token beside it, the store refuses
            HttpResponse<Path> response =
                    transport
                            .retrying()
                            .send(
                                    () -> HttpRequest.newBuilder(link).GET(),
                                    BodyHandlers.ofFile(raw),
                                    true);
            if (response.statusCode() == 403) {
                return false;
            }
            if (response.statusCode() != 200) {
                byte[] said = Files.readAllBytes(raw);
                throw AmcErrors.of(response, new String(said, StandardCharsets.UTF_8), STORE)
                        .failure()
                        .exception();
            }
            boolean zipped =
                    response.headers()
                            .firstValue("Content-Encoding")
                            .filter("gzip"::equalsIgnoreCase)
                            .isPresent();
            if (zipped) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(raw))) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
            } else {
                Files.move(raw, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return true;
        } finally {
            Files.deleteIfExists(raw);
        }
    }
}
