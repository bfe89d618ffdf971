package io.amcinsights.desktop.signin;

import io.amcinsights.desktop.common.Browser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A browser without a window: it goes where the page leads it. */
final class FollowingBrowser implements Browser {

    private final List<URI> opened = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<String>> pages = new CopyOnWriteArrayList<>();

    @Override
    public void open(URI page) {
        opened.add(page);
        CompletableFuture<String> seen = new CompletableFuture<>();
        pages.add(seen);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                seen.complete(follow(page));
                            } catch (IOException | InterruptedException e) {
                                seen.completeExceptionally(e);
                            }
                        });
    }

    private static String follow(URI page) throws IOException, InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
            return http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
        }
    }

    /** The pages that were opened. */
    List<URI> opened() {
        return List.copyOf(opened);
    }

    /** What the person saw at the end of each way. */
    List<String> pages() {
        return pages.stream().map(page -> page.orTimeout(20, TimeUnit.SECONDS).join()).toList();
    }
}
