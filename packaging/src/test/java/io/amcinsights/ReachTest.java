package io.amcinsights;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;

import io.amcinsights.Reach.Call;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Utilities;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

class ReachTest {

    @Test
    void seesWhatIsCalledByWayOfOthersAndNothingElse() {
        assertThat(reach(Program.class).calls())
                .containsExactlyInAnyOrder(
                        new Call("s3", "headBucket"), // in a lambda within a lambda
                        new Call("s3", "deleteBucket"), // a method reference
                        new Call("s3", "putObject"), // by the implementation that is made
                        new Call("s3", "createBucket"), // as a static field is set
                        new Call("s3", "listBuckets"), // called back by a library
                        new Call("s3", "listObjectsV2Paginator"));
    }

    @Test
    void saysWhatOfTheSdkItDoesNotUnderstand() {
        assertThat(reach(Strange.class).unknown()).containsExactly(S3Utilities.class.getName());
        assertThat(reach(Program.class).unknown()).isEmpty();
    }

    private static Reach reach(Class<?> start) {
        return Reach.of(
                new ClassFileImporter()
                        .importClasses(ReachTest.class.getDeclaredClasses())
                        .get(start));
    }

    interface Port {
        void put(S3Client s3);
    }

    static final class Real implements Port {
        @Override
        public void put(S3Client s3) {
            s3.putObject(r -> r.bucket("b"), RequestBody.empty());
        }
    }

    /** Nobody makes one. */
    static final class Unused implements Port {
        @Override
        public void put(S3Client s3) {
            s3.getObject(r -> r.bucket("b"));
        }
    }

    record Callback(S3Client s3) implements Comparable<Callback> {
        @Override
        public int compareTo(Callback other) {
            return s3.listBuckets().buckets().size();
        }
    }

    static final class Late {
        static final Object VALUE = S3Client.create().createBucket(r -> r.bucket("b"));
    }

    static final class Program {
        private final Port port = new Real();
        private final List<Callback> callbacks = new ArrayList<>();

        Object run(S3Client s3) {
            Supplier<Supplier<Object>> nested = () -> () -> s3.headBucket(r -> r.bucket("b"));
            Consumer<DeleteBucketRequest> reference = s3::deleteBucket;
            Consumer<DeleteBucketRequest> both = reference.andThen(r -> port.put(s3));
            callbacks.add(new Callback(s3));
            s3.listObjectsV2Paginator(r -> r.bucket("b")).forEach(page -> page.contents());
            s3.close();
            return List.of(nested.get().get(), Late.VALUE, both, new Other(s3));
        }
    }

    record Other(S3Client s3) {
        Object neverCalled() {
            return s3.deleteObject(r -> r.bucket("b"));
        }
    }

    static final class Strange {
        Object run(S3Client s3) {
            return s3.utilities().getUrl(r -> r.bucket("b"));
        }
    }
}
