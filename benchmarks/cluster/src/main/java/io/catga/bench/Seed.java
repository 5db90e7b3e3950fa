package io.catga.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * Orders that were placed long ago: in Redis as order-service writes them, without what it forgets after a week (records of
 * idempotency keys, changes, notifications).
 */
final class Seed {

    private static final int BATCH = 2000;
    private static final int PER_CUSTOMER = 10;
    /** 2020-01-01, so that no order of today has an id near these. */
    private static final long EPOCH = 1_577_836_800_000L;

    private static final int SAMPLE = 10_000;

    private final Cluster cluster;
    /** Once they are being removed, whoever still writes some has been interrupted, and ends. */
    private volatile boolean removing;

    Seed(Cluster cluster) {
        this.cluster = cluster;
    }

    /** UUIDv7: the time in front, then what makes it unique. */
    static String id(int n) {
        long millis = EPOCH + n;
        return String.format(
                Locale.ROOT,
                "%08x-%04x-7000-8000-%012x",
                millis >>> 16,
                millis & 0xffff,
                (long) n * 0x9E3779B1L & 0xffff_ffff_ffffL);
    }

    static String customer(int n) {
        return "seed-" + n / PER_CUSTOMER;
    }

    static String order(int n) {
        return """
                {"orderId":"%s","customerId":"%s","items":[{"productId":"p-%d","quantity":2,"price":100.00}],"totalAmount":200.00,\
                "status":"CREATED","createdAt":"2020-01-01T00:00:00.000Z"}""".formatted(id(n), customer(n), n);
    }

    /** Bytes of Redis's memory that an order takes, by writing some. They stay. */
    double bytesEach() throws IOException {
        try (Redis redis = cluster.master()) {
            long before = used(redis);
            write(0, SAMPLE);
            return (used(redis) - before) / (double) SAMPLE;
        }
    }

    static long used(Redis redis) throws IOException {
        // Without what waits for the replicas, which is there for a moment only.
        String dataset = (String) redis.call("INFO", "memory");
        return dataset.lines()
                .filter(line -> line.startsWith("used_memory_dataset:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    /** From one number to below another. */
    void write(int from, int to) throws IOException {
        try (Redis redis = cluster.master()) {
            for (int n = from; n < to && !removing; n++) {
                redis.add("SET", "catga:state:order:" + id(n), order(n));
                redis.add("ZADD", "catga:index:orders", "0", id(n));
                redis.add("ZADD", "catga:index:orders-of:" + customer(n), "0", id(n));
                if (n % BATCH == BATCH - 1) {
                    // Not faster than the replicas: Redis would cut off one that is too far behind.
                    redis.call("WAIT", "2", "2000");
                }
            }
            redis.finish();
        }
    }

    void remove(int from, int to) throws IOException {
        removing = true;
        try (Redis redis = cluster.master()) {
            for (int n = from; n < to; n++) {
                redis.add("UNLINK", "catga:state:order:" + id(n), "catga:index:orders-of:" + customer(n));
                redis.add("ZREM", "catga:index:orders", id(n));
                if (n % BATCH == BATCH - 1) {
                    redis.call("WAIT", "2", "2000");
                }
            }
            redis.finish();
        }
    }
}
