package io.amcinsights.local.template;

/** Where a stack lives. */
public record Account(String id, String region, String partition) {

    /**
     * @param resource such as {@code function:name}
     */
    public String arn(String service, String resource) {
        return "arn:%s:%s:%s:%s:%s".formatted(partition, service, region, id, resource);
    }
}
