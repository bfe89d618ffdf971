package io.amcinsights.desktop.aws;

import io.amcinsights.contract.Request;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Answers requests as a test says, and keeps them; a request that nobody expects fails. */
public final class FakeBackend implements Backend {

    private final Map<Class<?>, Function<Request<?>, Object>> answers = new HashMap<>();
    private final List<Request<?>> asked = Collections.synchronizedList(new ArrayList<>());

    /** Answers requests of a type; the answer may also throw. */
    public <R, Q extends Request<R>> FakeBackend on(Class<Q> type, Function<Q, R> answer) {
        answers.put(type, request -> answer.apply(type.cast(request)));
        return this;
    }

    /** The requests of a type so far, in order. */
    public <Q extends Request<?>> List<Q> asked(Class<Q> type) {
        synchronized (asked) {
            return asked.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    @Override
    public <R> R call(Request<R> request) {
        asked.add(request);
        Function<Request<?>, Object> answer = answers.get(request.getClass());
        if (answer == null) {
            throw new AssertionError("Nobody expects " + request);
        }
        return request.reply().cast(answer.apply(request));
    }
}
