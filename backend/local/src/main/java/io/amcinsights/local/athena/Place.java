package io.amcinsights.local.athena;

/** Of an object in S3. */
record Place(String bucket, String key) {

    /**
     * @param url such as {@code s3://bucket/key}
     * @throws IllegalArgumentException if it is none
     */
    static Place of(String url) {
        String scheme = "s3://";
        int slash = url.indexOf('/', scheme.length());
        if (!url.startsWith(scheme) || slash <= scheme.length()) {
            throw new IllegalArgumentException(url + " is not of the form s3://bucket/folder/");
        }
        return new Place(url.substring(scheme.length(), slash), url.substring(slash + 1));
    }
}
