package io.amcinsights.local.amc.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import io.amcinsights.sql.amc.AmcSchema;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Who advertises: AMC accounts, their instances, their advertisers. Read from world.yaml. */
public record World(List<Account> accounts) {

    /** An AMC account. */
    public record Account(
            String entityId, String name, String marketplaceId, List<Instance> instances) {}

    /**
     * An AMC instance.
     *
     * @param users how many users its data holds
     * @param subscriptions the paid data sources that it may query; {@code audience_segments}
     *     stands for all of that family
     */
    public record Instance(
            String id,
            String name,
            Type type,
            int users,
            List<String> subscriptions,
            String bucketHash,
            List<Advertiser> advertisers) {

        private static final String SEGMENTS = "audience_segments";

        /** An instance that is subscribed to every paid data source. */
        public Instance(
                String id,
                String name,
                Type type,
                int users,
                String bucketHash,
                List<Advertiser> advertisers) {
            this(id, name, type, users, paid(), bucketHash, advertisers);
        }

        public enum Type {
            STANDARD,
            SANDBOX
        }

        private static List<String> paid() {
            return AmcSchema.standard().tables().stream()
                    .filter(AmcSchema.Table::paid)
                    .map(AmcSchema.Table::name)
                    .toList();
        }

        /**
         * What the instance may query of all there is: the standard tables and its own paid ones.
         */
        public AmcSchema schema(AmcSchema all) {
            return new AmcSchema(
                    all.tables().stream()
                            .filter(t -> !t.paid() || isSubscribed(t.name()))
                            .toList());
        }

        private boolean isSubscribed(String table) {
            return subscriptions.contains(table)
                    || (table.startsWith(SEGMENTS + "_") && subscriptions.contains(SEGMENTS));
        }

        /** The bucket that results go to, named as Amazon's link creates it. */
        public String bucket() {
            return "amc-" + name + "-" + bucketHash;
        }

        /** What the whole instance is about, for people. */
        public String customer() {
            return advertisers.getFirst().name();
        }
    }

    /**
     * An advertiser whose events feed an instance.
     *
     * @param grocery sells in Amazon's grocery shops, too
     */
    public record Advertiser(
            long id,
            String name,
            String country,
            String currency,
            String timezone,
            boolean grocery,
            List<String> keywords,
            List<Product> products,
            List<Campaign> campaigns) {}

    /**
     * A product that is advertised.
     *
     * @param price in the advertiser's currency
     * @param repeat after how many days it is bought again; null if it lasts
     */
    public record Product(
            String asin, String name, double price, String line, @Nullable Integer repeat) {}

    /**
     * A campaign.
     *
     * @param channel a channel of reference.sql
     * @param audience share of the users that it reaches in a month
     * @param frequency how often it meets a user of ordinary activity in a month
     * @param cpm price of a thousand impressions; null for sponsored ads
     * @param cpc price of a click; null for DSP
     * @param segments names of the segments that it addresses
     */
    public record Campaign(
            String name,
            String channel,
            double audience,
            double frequency,
            @Nullable Double cpm,
            @Nullable Double cpc,
            List<String> segments) {

        double price() {
            if (cpm != null) {
                return cpm;
            }
            if (cpc != null) {
                return cpc;
            }
            throw new IllegalStateException("Campaign " + name + " has neither cpm nor cpc");
        }
    }

    /** The world of world.yaml. */
    public static World load() {
        try (InputStream in = World.class.getResourceAsStream("world.yaml")) {
            return new ObjectMapper(new YAMLFactory()).readValue(in, World.class);
        } catch (IOException e) {
            throw new UncheckedIOException("world.yaml cannot be read", e);
        }
    }

    /** The instance of that id. */
    public @Nullable Instance instance(String id) {
        for (Instance instance : instances()) {
            if (instance.id().equals(id)) {
                return instance;
            }
        }
        return null;
    }

    /** All instances of all accounts. */
    public List<Instance> instances() {
        return accounts.stream().flatMap(a -> a.instances().stream()).toList();
    }
}
