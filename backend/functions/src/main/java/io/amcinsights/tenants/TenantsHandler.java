package io.amcinsights.tenants;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import io.amcinsights.Functions;
import io.amcinsights.Invocation;
import io.amcinsights.Snapshot;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.TenantRequest;
import io.amcinsights.contract.TenantRequest.BeginAuthorization;
import io.amcinsights.contract.TenantRequest.CompleteAuthorization;
import io.amcinsights.contract.TenantRequest.DeleteCredentials;
import io.amcinsights.contract.TenantRequest.DiscoverInstances;
import io.amcinsights.contract.TenantRequest.ExportTenants;
import io.amcinsights.contract.TenantRequest.GetTenant;
import io.amcinsights.contract.TenantRequest.ImportTenants;
import io.amcinsights.contract.TenantRequest.ListCredentials;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.contract.TenantRequest.OffboardTenant;
import io.amcinsights.contract.TenantRequest.OnboardTenant;
import io.amcinsights.contract.TenantRequest.PauseTenant;
import io.amcinsights.contract.TenantRequest.PlanBucket;
import io.amcinsights.contract.TenantRequest.PlanOffboarding;
import io.amcinsights.contract.TenantRequest.PrepareBucket;
import io.amcinsights.contract.TenantRequest.ResumeTenant;
import io.amcinsights.contract.TenantRequest.RetryProvisioning;
import io.amcinsights.contract.TenantRequest.TestConnection;
import io.amcinsights.contract.TenantRequest.UpdateTenant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The function {@code tenants}. */
public final class TenantsHandler implements RequestStreamHandler {

    private final Tenants tenants;
    private final Provisioning provisioning;
    private final Authorizations authorizations;
    private final Registry registry;

    /** On AWS. */
    public TenantsHandler() {
        this(Functions.aws());
        Snapshot.rehearse(
                functions -> call -> new TenantsHandler(functions).answer(Json.request(call)),
                Json.request(new ListTenants()));
    }

    public TenantsHandler(Functions functions) {
        this.tenants = functions.tenants();
        this.provisioning = functions.provisioning();
        this.authorizations = functions.authorizations();
        this.registry = functions.registry();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        Invocation.serve(in, out, context, this::answer, provisioning::step);
    }

    private Object answer(Request<?> request) {
        if (!(request instanceof TenantRequest<?> asked)) {
            throw Failure.invalid("operation", "Another function answers this.").exception();
        }
        return switch (asked) {
            case ListTenants _ -> new TenantRequest.Tenants(tenants.list());
            case GetTenant(String tenantId) -> tenants.get(tenantId);
            case DiscoverInstances(String credentialsId) -> tenants.discover(credentialsId);
            case OnboardTenant(var draft) -> tenants.onboard(draft);
            case RetryProvisioning(String tenantId) -> tenants.retry(tenantId);
            case UpdateTenant(var draft, long seen) -> tenants.update(draft, seen);
            case PauseTenant(String tenantId) -> tenants.pause(tenantId);
            case ResumeTenant(String tenantId) -> tenants.resume(tenantId);
            case TestConnection(var draft) -> provisioning.test(draft);
            case PlanBucket(var draft) -> provisioning.planBucket(draft);
            case PrepareBucket(var draft, String planId) ->
                    provisioning.prepareBucket(draft, planId);
            case PlanOffboarding(String tenantId) -> tenants.offboardingPlan(tenantId);
            case OffboardTenant how -> tenants.offboard(how);
            case ExportTenants(var format) -> registry.export(format);
            case ImportTenants(String text, boolean dryRun) -> registry.load(text, dryRun);
            case ListCredentials _ -> new TenantRequest.AllCredentials(authorizations.list());
            case BeginAuthorization(var draft) -> authorizations.begin(draft);
            case CompleteAuthorization(String id, String state, String code) ->
                    authorizations.complete(id, state, code);
            case DeleteCredentials(String id) -> {
                authorizations.delete(id);
                yield new TenantRequest.CredentialsDeleted();
            }
        };
    }
}
