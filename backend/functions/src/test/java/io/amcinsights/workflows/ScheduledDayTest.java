package io.amcinsights.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import io.amcinsights.workflows.ScheduledDay.Outcome;

import org.junit.jupiter.api.Test;

import java.util.Collections;

class ScheduledDayTest {

    private static final String BUSY = "amcrbusy";

    @Test
    void everyDueFiringIsOneRunAndCostsTheSameForManyTenants() throws Exception {
        Outcome few = day(3, false);
        Outcome many = day(30, false);

        assertThat(few.runs()).isEqualTo(few.due()).isEqualTo(3 * (16 + 3 * 4 + 24));
        assertThat(many.runs()).isEqualTo(many.due()).isEqualTo(30 * (16 + 3 * 4 + 24));
        assertThat(many.documentsPerRun())
                .isBetween(few.documentsPerRun() * 0.8, few.documentsPerRun() * 1.2);
    }

    @Test
    void noTenantWaitsForAnothersBacklog() throws Exception {
        Outcome alone = day(10, false);
        Outcome beside = day(10, true);

        assertThat(beside.runs()).isEqualTo(beside.due());
        assertThat(beside.delay(1, null)).isGreaterThan(3600);
        assertThat(beside.delay(1, BUSY)).isEqualTo(alone.delay(1, null));
    }

    private static Outcome day(int tenants, boolean busy) throws Exception {
        try (ScheduledDay day = new ScheduledDay()) {
            for (int i = 0; i < tenants; i++) {
                day.add(ScheduledDay.tenant(i), day.usual());
            }
            if (busy) {
                day.add(BUSY, Collections.nCopies(100, "cron(0 12 * * ? *)"));
            }
            return day.pass();
        }
    }
}
