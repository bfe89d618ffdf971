package io.amcinsights.local.amc;

import io.amcinsights.local.amc.Faults.Fault;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** What every call passes before and after it is answered: faults, the throttle, the log. */
final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final AmcApi api;
    private final Faults faults;
    private final Throttle throttle;
    private final CallLog log;
    private final InstantSource clock;
    private final Supplier<Behaviour> behaviour;

    Gate(
            AmcApi api,
            Faults faults,
            Throttle throttle,
            CallLog log,
            InstantSource clock,
            Supplier<Behaviour> behaviour) {
        this.api = api;
        this.faults = faults;
        this.throttle = throttle;
        this.log = log;
        this.clock = clock;
        this.behaviour = behaviour;
    }

    Answer answer(AmcCall call) {
        long began = System.nanoTime();
        Operation operation = null;
        Fault fault = null;
        Answer answer;
        try {
            Operation.Asked asked = Operation.of(call);
            operation = asked.operation();
            fault = faults.next(operation);
            answer = answer(call, asked, fault);
        } catch (AmcError e) {
            answer = e.answer(operation == Operation.LIST_ACCOUNTS, call.requestId());
        } catch (RuntimeException e) {
            LOG.error("{} {} broke ({})", call.method(), call.path(), call.requestId(), e);
            answer = AmcError.of(500, "Internal error").answer(false, call.requestId());
        }
        log.add(
                new CallLog.Seen(
                        operation,
                        call.method(),
                        "/" + String.join("/", call.path()),
                        answer.status(),
                        clock.instant(),
                        Duration.ofNanos(System.nanoTime() - began),
                        call.requestId(),
                        fault == null ? null : fault.kind()));
        return answer;
    }

    private Answer answer(AmcCall call, Operation.Asked asked, @Nullable Fault fault)
            throws AmcError {
        if (fault == null) {
            return admitted(call, asked);
        }
        return switch (fault.kind()) {
            case STATUS -> fault.answer();
            case DELAY -> {
                try {
                    Thread.sleep(fault.delay());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    yield Answer.DROPPED;
                }
                yield admitted(call, asked);
            }
            case LOST_REPLY -> {
                admitted(call, asked);
                yield Answer.DROPPED;
            }
            case DUPLICATE -> {
                admitted(call, asked);
                yield admitted(call, asked);
            }
        };
    }

    private Answer admitted(AmcCall call, Operation.Asked asked) throws AmcError {
        if (asked.operation().isAmc()) {
            call.requireJson();
            throttle.admit(call.header(Credentials.CLIENT_ID), behaviour.get().throttle());
        }
        return api.answer(call, asked);
    }
}
