package io.amcinsights.lake;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;

import io.amcinsights.Functions;
import io.amcinsights.Invocation;
import io.amcinsights.Snapshot;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest;
import io.amcinsights.contract.LakeRequest.GetCampaignReport;
import io.amcinsights.contract.LakeRequest.GetDatasetRules;
import io.amcinsights.contract.LakeRequest.GetDatasetSettings;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.LakeRequest.GetTransformation;
import io.amcinsights.contract.LakeRequest.ListDatasets;
import io.amcinsights.contract.LakeRequest.ListDeliveries;
import io.amcinsights.contract.LakeRequest.ListGrants;
import io.amcinsights.contract.LakeRequest.ListRawDatasets;
import io.amcinsights.contract.LakeRequest.PreviewDelivery;
import io.amcinsights.contract.LakeRequest.PutDatasetRules;
import io.amcinsights.contract.LakeRequest.PutDatasetSettings;
import io.amcinsights.contract.LakeRequest.PutGrant;
import io.amcinsights.contract.LakeRequest.PutRawDataset;
import io.amcinsights.contract.LakeRequest.PutReportMapping;
import io.amcinsights.contract.LakeRequest.PutTransformation;
import io.amcinsights.contract.LakeRequest.ReconcileDeliveries;
import io.amcinsights.contract.LakeRequest.RedriveDeliveries;
import io.amcinsights.contract.LakeRequest.RedriveDelivery;
import io.amcinsights.contract.LakeRequest.RemoveGrant;
import io.amcinsights.contract.LakeRequest.RemoveRawDataset;
import io.amcinsights.contract.LakeRequest.SwitchTransformation;
import io.amcinsights.contract.LakeRequest.TryTransformation;
import io.amcinsights.contract.Request;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The function {@code lake}. */
public final class LakeHandler implements RequestStreamHandler {

    private final Deliveries deliveries;
    private final Datasets datasets;
    private final RawDatasets raw;
    private final LakeSteps steps;
    private final MissedDeliveries missed;
    private final Upkeep upkeep;
    private final Compaction compaction;
    private final Readers readers;
    private final Rules rules;
    private final ReportMappings report;
    private final Transformations transformations;

    /** On AWS. */
    public LakeHandler() {
        this(Functions.aws());
        Snapshot.rehearse(
                functions -> call -> new LakeHandler(functions).answer(Json.request(call)),
                Json.request(new ListDeliveries(null, 1, null)),
                Json.request(new ListDatasets()));
    }

    public LakeHandler(Functions functions) {
        this.deliveries = functions.deliveries();
        this.datasets = functions.datasets();
        this.raw = functions.rawDatasets();
        this.steps = functions.lakeSteps();
        this.missed = functions.missedDeliveries();
        this.upkeep = functions.upkeep();
        this.compaction = functions.compaction();
        this.readers = functions.readers();
        this.rules = functions.rules();
        this.report = functions.reportMappings();
        this.transformations = functions.transformations();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        Invocation.serve(in, out, context, this::answer, this::step);
    }

    private Object step(String step, JsonNode input) {
        return switch (step) {
            case "plan-compaction", "publish-compaction" -> compaction.step(step, input);
            case "record-failure" ->
                    input.has("dataset")
                            ? compaction.recordFailure(input)
                            : steps.step(step, input);
            default -> steps.step(step, input);
        };
    }

    private Object answer(Request<?> request) {
        if (!(request instanceof LakeRequest<?> asked)) {
            throw Failure.invalid("operation", "Another function answers this.").exception();
        }
        return switch (asked) {
            case ListDeliveries(var tenantId, int limit, var token) ->
                    deliveries.newest(tenantId, limit, token);
            case GetDelivery(String deliveryId) -> deliveries.get(deliveryId);
            case ListDatasets _ -> new LakeRequest.Datasets(datasets.list());
            case GetDatasetSettings(String dataset) -> datasets.settings(dataset);
            case PutDatasetSettings(var settings) -> datasets.put(settings);
            case ListRawDatasets _ -> new LakeRequest.RawDatasets(raw.all());
            case PutRawDataset(String name, String description) -> raw.put(name, description);
            case RemoveRawDataset(String name) -> {
                raw.remove(name);
                yield new LakeRequest.RawDatasets(raw.all());
            }
            case RedriveDelivery(String deliveryId) -> deliveries.redrive(deliveryId);
            case RedriveDeliveries(var deliveryIds) -> deliveries.redrive(deliveryIds);
            case PreviewDelivery(String deliveryId) -> steps.preview(deliveryId);
            case ListGrants _ -> readers.list();
            case PutGrant grant -> readers.put(grant);
            case RemoveGrant(String principal) -> readers.remove(principal);
            case GetDatasetRules(String dataset) -> rules.of(dataset);
            case PutDatasetRules(var changed) -> rules.put(changed);
            case GetTransformation(String dataset) -> transformations.inUse(dataset);
            case TryTransformation(String dataset, String sql, var deliveryId) ->
                    transformations.run(dataset, sql, deliveryId);
            case PutTransformation(String dataset, String sql, long version) ->
                    transformations.put(dataset, sql, version);
            case SwitchTransformation(String dataset, int number, long version) ->
                    transformations.switchTo(dataset, number, version);
            case GetCampaignReport _ -> report.report();
            case PutReportMapping(var mapping) -> report.put(mapping);
            case ReconcileDeliveries _ -> {
                var found = new LakeRequest.FoundDeliveries(missed.load());
                rules.tellStale();
                upkeep.run();
                readers.enforce();
                yield found;
            }
        };
    }
}
