package io.amcinsights.amc;

import static io.amcinsights.amc.AmcTransport.encode;
import static io.amcinsights.amc.AmcTransport.reporting;
import static io.amcinsights.amc.AmcTransport.text;
import static io.amcinsights.amc.AmcTransport.unwrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.amcinsights.contract.FailureException;
import io.amcinsights.contract.Json;

import org.jspecify.annotations.Nullable;

import java.time.DayOfWeek;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The schedules that AMC itself keeps of an instance. Ours are another thing. */
public final class AmcSchedules {

    private final AmcTransport transport;

    AmcSchedules(AmcTransport transport) {
        this.transport = transport;
    }

    public List<AmcSchedule> list(AmcAddress address) {
        return transport
                .pages(address.account(), reporting(address, "/schedules"), "schedules", "schedule")
                .stream()
                .map(AmcSchedules::schedule)
                .toList();
    }

    /** A schedule; empty where AMC has none of this id. */
    public Optional<AmcSchedule> find(AmcAddress address, String scheduleId) {
        try {
            JsonNode answer = transport.get(address.account(), path(address, scheduleId));
            return Optional.of(schedule(unwrap(answer, "schedule")));
        } catch (FailureException e) {
            if (AmcTransport.saysAbsent(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes a schedule.
     *
     * @return false where AMC has one of this id already, which is left as it is
     */
    public boolean create(AmcAddress address, AmcSchedule schedule) {
        try {
            // a second one of the same id is refused, so asking twice does no harm
            transport.call(
                    address.account(),
                    "POST",
                    reporting(address, "/schedules"),
                    body(schedule),
                    true);
            return true;
        } catch (FailureException e) {
            if (AmcTransport.refusedWith(e, "already exists")) {
                return false;
            }
            throw e;
        }
    }

    /** Replaces a schedule. */
    public void update(AmcAddress address, AmcSchedule schedule) {
        transport.call(
                address.account(),
                "PUT",
                path(address, schedule.scheduleId()),
                body(schedule),
                true);
    }

    /** Removes a schedule; nothing happens where AMC has none of this id. */
    public void delete(AmcAddress address, String scheduleId) {
        try {
            transport.call(address.account(), "DELETE", path(address, scheduleId), null, true);
        } catch (FailureException e) {
            if (!AmcTransport.saysAbsent(e)) {
                throw e;
            }
        }
    }

    private static String path(AmcAddress address, String scheduleId) {
        return reporting(address, "/schedules/" + encode(scheduleId));
    }

    private static ObjectNode body(AmcSchedule schedule) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("scheduleId", schedule.scheduleId()).put("workflowId", schedule.workflowId());
        json.put("aggregationPeriod", capitalized(schedule.period()));
        if (schedule.startDay() != null) {
            json.put("aggregationStartDay", capitalized(schedule.startDay()));
        }
        json.put("aggregationHourUtc", schedule.hourUtc());
        json.put("scheduleEnabled", schedule.enabled());
        if (schedule.sandbox()) {
            json.put("requireSyntheticData", true);
        }
        return json;
    }

    private static String capitalized(Enum<?> word) {
        return word.name().charAt(0) + word.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static AmcSchedule schedule(JsonNode json) {
        boolean weekly = json.path("aggregationPeriod").asText().equalsIgnoreCase("Weekly");
        return new AmcSchedule(
                json.path("scheduleId").asText(),
                json.path("workflowId").asText(),
                weekly ? AmcSchedule.Period.WEEKLY : AmcSchedule.Period.DAILY,
                weekly ? day(text(json, "aggregationStartDay")) : null,
                json.path("aggregationHourUtc").asInt(),
                json.path("scheduleEnabled").asBoolean(true),
                json.path("requireSyntheticData").asBoolean());
    }

    private static @Nullable DayOfWeek day(@Nullable String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().equalsIgnoreCase(name)) {
                return day;
            }
        }
        return null;
    }
}
