package io.amcinsights.amc;

import static io.amcinsights.amc.AmcTransport.encode;
import static io.amcinsights.amc.AmcTransport.reporting;
import static io.amcinsights.amc.AmcTransport.unwrap;

import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.contract.FailureException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables that an instance's SQL may read. */
public final class AmcDataSources {

    private final AmcTransport transport;

    AmcDataSources(AmcTransport transport) {
        this.transport = transport;
    }

    public List<AmcDataSource> list(AmcAddress address) {
        return transport
                .pages(
                        address.account(),
                        reporting(address, "/dataSources"),
                        "dataSources",
                        "dataSource")
                .stream()
                .map(AmcDataSources::dataSource)
                .toList();
    }

    /** A table; empty where the instance has none of this name. */
    public Optional<AmcDataSource> find(AmcAddress address, String name) {
        try {
            JsonNode answer =
                    transport.get(
                            address.account(), reporting(address, "/dataSources/" + encode(name)));
            return Optional.of(dataSource(unwrap(answer, "dataSource")));
        } catch (FailureException e) {
            if (AmcTransport.saysAbsent(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static AmcDataSource dataSource(JsonNode json) {
        List<AmcDataSource.Column> columns = new ArrayList<>();
        for (JsonNode c : json.path("columns")) {
            columns.add(
                    new AmcDataSource.Column(
                            c.path("name").asText(),
                            c.path("dataType").asText(""),
                            c.path("columnType").asText(""),
                            c.path("sensitivity").asText(""),
                            c.path("description").asText("")));
        }
        return new AmcDataSource(
                json.path("dataSourceId").asText(),
                json.path("description").asText(""),
                json.path("owner").asText(""),
                json.path("isPremium").asBoolean(),
                columns);
    }
}
