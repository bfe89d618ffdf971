package io.amcinsights.contract;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What the Tenant Provisioning Service answers. */
public sealed interface TenantRequest<R> extends Request<R> {

    @Override
    default BackendFunction function() {
        return BackendFunction.TENANTS;
    }

    /** All tenants, by name. */
    record ListTenants() implements TenantRequest<Tenants> {}

    record Tenants(List<Tenant> tenants) {}

    record GetTenant(String tenantId) implements TenantRequest<Tenant> {}

    /** The AMC instances that a set of credentials can reach. */
    record DiscoverInstances(String credentialsId) implements TenantRequest<Instances> {}

    record Instances(List<AmcInstance> instances) {}

    /**
     * Makes a tenant of an AMC instance: checks the fields, records the tenant and starts {@code
     * tenant-provisioning}. The answer is the tenant in state {@link Tenant.Status#PROVISIONING}.
     */
    record OnboardTenant(TenantDraft tenant) implements TenantRequest<Tenant>, Writing {}

    /** Starts {@code tenant-provisioning} again for a tenant that failed. */
    record RetryProvisioning(String tenantId) implements TenantRequest<Tenant>, Writing {}

    /**
     * Changes a tenant. A new name counts at once; anything else sends the tenant through {@code
     * tenant-provisioning} again.
     *
     * @param version the one that the caller saw; {@link ErrorCode#CONFLICT} when the tenant has
     *     changed since
     */
    record UpdateTenant(TenantDraft tenant, long version)
            implements TenantRequest<Tenant>, Writing {}

    /** From now on no new runs; schedules pass by in silence. */
    record PauseTenant(String tenantId) implements TenantRequest<Tenant>, Writing {}

    record ResumeTenant(String tenantId) implements TenantRequest<Tenant>, Writing {}

    /** Looks whether we reach a tenant, or what is to become one. Changes nothing. */
    record TestConnection(TenantDraft tenant) implements TenantRequest<Connection> {}

    /**
     * @param checks in order; the first that failed is the last, for the others rest on it
     */
    record Connection(List<Check> checks) {

        /** What was looked at. */
        public enum Subject {
            CREDENTIALS,
            INSTANCE,
            WORKFLOWS,
            BUCKET
        }

        /**
         * @param problem null where all is well
         */
        public record Check(Subject subject, @Nullable Failure problem) {}
    }

    /**
     * What is to be changed on a tenant's bucket, or what is to become one. Changes nothing. Fails
     * with {@link ErrorCode#BUCKET_ACCESS} where it cannot be a tenant's bucket, or cannot be read.
     */
    record PlanBucket(TenantDraft tenant) implements TenantRequest<BucketPlan> {}

    /**
     * Makes the changes of a plan. The answer is what is left to do: nothing, as a rule.
     *
     * @param planId of the plan that a person has seen; {@link ErrorCode#CONFLICT} when it would be
     *     another one by now
     */
    record PrepareBucket(TenantDraft tenant, String planId)
            implements TenantRequest<BucketPlan>, Writing {}

    /** What {@link OffboardTenant} would meet. */
    record PlanOffboarding(String tenantId) implements TenantRequest<Belongings> {}

    /** What there is of a tenant, beside its own record. */
    record Belongings(List<Belonging> belongings) {}

    /**
     * @param id of the thing
     * @param rows that a dataset has of this tenant; 0 for the others
     * @param bytes of Parquet that a dataset has of this tenant; 0 for the others
     */
    record Belonging(Kind kind, String id, String title, long rows, long bytes) {

        /** What can belong to a tenant. */
        public enum Kind {
            RUN_UNDER_WAY,
            SCHEDULE,
            WORKFLOW,
            DATASET,
            /** A principal that may read the tenant's rows by name. */
            GRANT
        }
    }

    /**
     * Removes a tenant: its schedules, its workflows, its place in the lake, its record. Refused
     * with {@link ErrorCode#CONFLICT} while runs are under way that it may not cancel; the tenant
     * is paused then. Asked again after a failure it goes on where it stopped. The bucket and what
     * is set on it stay, and so does the history of runs and deliveries, which shows again if the
     * instance is onboarded again.
     *
     * @param cancelRuns cancels the runs that are under way
     * @param deleteAtAmc removes the workflows at AMC too
     * @param deleteData removes the tenant's rows from the datasets, and the copies of its
     *     deliveries
     */
    record OffboardTenant(
            String tenantId, boolean cancelRuns, boolean deleteAtAmc, boolean deleteData)
            implements TenantRequest<Offboarded>, Writing {}

    /**
     * @param removed what is gone
     */
    record Offboarded(List<Belonging> removed) {}

    /** All credentials that tenants use or may use, by label. */
    record ListCredentials() implements TenantRequest<AllCredentials> {}

    record AllCredentials(List<Credentials> credentials) {}

    /** Prepares a sign-in with Amazon, for new credentials or for ones that are there. */
    record BeginAuthorization(CredentialsDraft credentials)
            implements TenantRequest<ConsentPage>, Writing {}

    /**
     * @param address of the page where the Amazon user lets us in, within ten minutes
     * @param state what the page sends back beside the code
     */
    record ConsentPage(String address, String state) {}

    /**
     * Ends a sign-in with what the page sent back: from now on tenants can use the credentials, and
     * those that use them already go on with them.
     */
    record CompleteAuthorization(String credentialsId, String state, String code)
            implements TenantRequest<Credentials>, Writing {}

    /** Removes credentials; refused while a tenant uses them. */
    record DeleteCredentials(String credentialsId)
            implements TenantRequest<CredentialsDeleted>, Writing {}

    record CredentialsDeleted() {}

    /** All tenants as a text that {@link ImportTenants} reads. */
    record ExportTenants(Format format) implements TenantRequest<Exported> {

        /** How the text is written. */
        public enum Format {
            CSV,
            JSON
        }
    }

    record Exported(String text) {}

    /**
     * Onboards what a text lists, row by row; a row that is wrong keeps no other from being
     * onboarded.
     *
     * @param text CSV or JSON of {@link ExportTenants}, or payloads of the retired solution, {@code
     *     customer_details}, one or an array of them
     * @param dryRun says what would be done and does nothing
     */
    record ImportTenants(String text, boolean dryRun) implements TenantRequest<Imported> {
        @Override
        public boolean writes() {
            return !dryRun;
        }
    }

    record Imported(List<ImportedRow> rows) {}

    /**
     * @param row counts from 1, in CSV the header is row 1
     * @param name as far as the row tells one
     * @param problem why it was refused; null where it was not
     */
    record ImportedRow(int row, String name, Outcome outcome, @Nullable Failure problem) {

        /** What comes of a row. */
        public enum Outcome {
            /** It is onboarded, or would be. */
            NEW,
            /** It is a tenant already, just as the row says. */
            SAME,
            REFUSED
        }
    }
}
