package io.amcinsights.desktop.aws;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;

/** S3 over the AWS SDK. */
final class S3Gateway implements S3Objects {

    private final S3Client s3;

    S3Gateway(S3Client s3) {
        this.s3 = s3;
    }

    @Override
    public Info info(URI address) {
        HeadObjectResponse head =
                s3.headObject(get -> get.bucket(address.getAuthority()).key(key(address)));
        return new Info(head.contentLength(), head.eTag());
    }

    @Override
    public InputStream range(URI address, String etag, long from, long to) {
        return s3.getObject(
                get ->
                        get.bucket(address.getAuthority())
                                .key(key(address))
                                .ifMatch(etag)
                                .range("bytes=%d-%d".formatted(from, to)));
    }

    @Override
    public void put(URI address, Path file) {
        s3.putObject(put -> put.bucket(address.getAuthority()).key(key(address)), file);
    }

    private static String key(URI address) {
        return address.getPath().substring(1);
    }
}
