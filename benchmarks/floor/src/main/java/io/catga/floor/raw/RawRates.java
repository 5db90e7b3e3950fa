package io.catga.floor.raw;

import io.catga.floor.cluster.FloorProperties;
import io.catga.floor.cluster.GroupCommit;
import io.catga.floor.cluster.NatsClient;
import io.catga.floor.cluster.RedisLink;
import io.catga.floor.cluster.Replicas;
import io.catga.floor.cluster.Script;
import io.catga.floor.service.OrderStep;
import io.lettuce.core.ScriptOutputType;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What NATS and Redis give by themselves, in messages of the size that an order has, each for 5 s after 3 s of warm-up:
 * the ceiling over every application on this infrastructure.
 */
public final class RawRates {

    static final String STREAM = "FLOOR_RAW";

    private static final int CLIENTS = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String SUBJECT = "floor.raw.event";
    private static final String ECHO = "floor.raw-echo";
    private static final String PREFIX = "floor:raw:";
    /** So many orders are written over and over: the store is not to grow. */
    private static final int ORDERS = 1000;
    /** Long enough that nothing expires before it is on the replicas. */
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    private static final byte[] BODY =
            ("{\"customerId\":\"customer-1\",\"items\":[{\"productId\":\"product-1\",\"quantity\":2,"
                            + "\"price\":100.00}],\"totalAmount\":200.00,\"status\":\"CREATED\",\"createdAt\":\"2026-01-01T00:00:00.000Z\"}")
                    .getBytes(StandardCharsets.UTF_8);

    private final NatsClient nats;
    private final FloorProperties properties;
    private final RedisLink redis;
    private final Replicas replicas;
    private final AtomicLong number = new AtomicLong();
    private final String run = UUID.randomUUID().toString();

    private RawRates(NatsClient nats, FloorProperties properties, RedisLink redis, Replicas replicas) {
        this.nats = nats;
        this.properties = properties;
        this.redis = redis;
        this.replicas = replicas;
    }

    /** Measures everything, and prints a line of JSON for each. */
    public static void print(PrintStream out) throws Exception {
        try (ConfigurableApplicationContext context = RawConfiguration.connect()) {
            RawRates rates = new RawRates(
                    context.getBean(NatsClient.class),
                    context.getBean(FloorProperties.class),
                    context.getBean(RedisLink.class),
                    context.getBean(Replicas.class));
            out.println(rates.requestReply().json());
            out.println(rates.pipelined().json());
            out.println(rates.groupCommit("redis-order-step-group-commit", new Replicas(rates.redis, false))
                    .json());
            out.println(rates.groupCommit("redis-order-step-group-commit-wait", rates.replicas)
                    .json());
            out.println(rates.publish().json());
        } finally {
            Cleanup.raw();
        }
    }

    /** One connection on each side, both in this process. */
    private Rate requestReply() throws Exception {
        NatsClient other = new NatsClient(properties, "floor-raw-responder");
        other.start();
        try {
            Connection responder = other.connection();
            Dispatcher echo =
                    responder.createDispatcher(message -> responder.publish(message.getReplyTo(), message.getData()));
            echo.subscribe(ECHO, "floor-raw");
            responder.flush(PATIENCE);
            Connection requester = nats.connection();
            return measure(
                    "nats-request-reply",
                    () -> requester.request(ECHO, BODY).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } finally {
            other.stop();
        }
    }

    /** All clients on one connection, without any WAIT. */
    private Rate pipelined() throws Exception {
        String digest = redis.reads().sync().scriptLoad(OrderStep.SCRIPT.text());
        return measure("redis-order-step-pipelined", () -> {
            Script.Call call = call();
            redis.reads()
                    .async()
                    .<List<Object>>evalsha(digest, ScriptOutputType.MULTI, call.keys(), call.arguments())
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private Rate groupCommit(String name, Replicas acknowledging) throws Exception {
        redis.commits().setAutoFlushCommands(true);
        GroupCommit commits = new GroupCommit(redis, acknowledging, OrderStep.SCRIPT);
        commits.start();
        try {
            return measure(name, () -> commits.commit(call()));
        } finally {
            commits.stop();
        }
    }

    private Script.Call call() {
        long next = number.incrementAndGet();
        String orderId = "00000000-0000-7000-8000-%012d".formatted(next % ORDERS);
        byte[] fingerprint = new byte[32];
        return new OrderStep(PREFIX, run + '-' + next, fingerprint, orderId, "customer-1", BODY, BODY, REMEMBERED)
                .call();
    }

    /** On three nodes, each confirmed, with an id by which the stream knows a repetition. */
    private Rate publish() throws Exception {
        JetStreamManagement management = nats.connection().jetStreamManagement(NatsClient.JETSTREAM);
        management.addStream(StreamConfiguration.builder()
                .name(STREAM)
                .subjects(SUBJECT)
                .storageType(StorageType.File)
                .replicas(3)
                .maxBytes(128L << 20)
                .duplicateWindow(Duration.ofMinutes(10))
                .build());
        JetStream stream = nats.connection().jetStream(NatsClient.JETSTREAM);
        return measure(
                "jetstream-publish-r3",
                () -> stream.publishAsync(
                                SUBJECT,
                                BODY,
                                PublishOptions.builder()
                                        .messageId(run + '-' + number.incrementAndGet())
                                        .build())
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static Rate measure(String name, Rate.Work work) throws Exception {
        return Rate.measure(name, CLIENTS, WARM_UP, MEASURED, work);
    }
}
