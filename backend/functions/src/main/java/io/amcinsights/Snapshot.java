package io.amcinsights;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

/**
 * What a function does before Lambda takes the snapshot that all its copies begin from: it answers
 * some calls, so that the classes which the first real call needs are loaded and initialised.
 *
 * <p>It answers them on {@linkplain Functions#rehearsing() functions of their own}, in an AWS in
 * which there is nothing. So the snapshot has no connection, no credentials and no document that
 * copies could share or that could be out of date when they begin, and nothing is to be renewed
 * after that. What has to be unique comes from {@link java.security.SecureRandom}, which asks the
 * operating system each time.
 */
public final class Snapshot implements Resource {

    private static final Logger log = LoggerFactory.getLogger(Snapshot.class);

    /** The runtime itself forgets what nobody else keeps. */
    private static final List<Snapshot> KEPT = new CopyOnWriteArrayList<>();

    private final Function<Functions, Function<JsonNode, Object>> answers;
    private final List<String> calls;

    private Snapshot(Function<Functions, Function<JsonNode, Object>> answers, List<String> calls) {
        this.answers = answers;
        this.calls = calls;
    }

    /**
     * Has calls answered before the snapshot is taken.
     *
     * @param answers how the function answers; what nobody finds may be a {@link FailureException}
     * @param calls as they arrive, in JSON
     */
    public static void rehearse(
            Function<Functions, Function<JsonNode, Object>> answers, String... calls) {
        Snapshot snapshot = new Snapshot(answers, List.of(calls));
        Core.getGlobalContext().register(snapshot);
        KEPT.add(snapshot);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
        SSLContext.getDefault(); // reads the authorities that Java trusts, which takes long
        Function<JsonNode, Object> answer = answers.apply(Functions.rehearsing());
        for (String call : calls) {
            try {
                Json.write(answer(call, answer));
            } catch (RuntimeException e) {
                log.warn("{} could not be rehearsed, so the first call takes longer", call, e);
            }
        }
    }

    private static Object answer(String call, Function<JsonNode, Object> answer) {
        try {
            return answer.apply(Json.read(call, JsonNode.class));
        } catch (FailureException e) {
            return e.failure();
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {}
}
