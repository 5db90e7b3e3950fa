package io.catga.floor.notification;

import io.catga.floor.cluster.FloorProperties;
import io.catga.floor.cluster.GroupCommit;
import io.catga.floor.cluster.RedisLink;
import io.catga.floor.cluster.Script;
import io.lettuce.core.Value;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What every instance has received, in Redis, each event once an instance. */
@Component
final class Notifications {

    static final Script SCRIPT = Script.beside(Notifications.class, "receive.lua");

    private static final Duration LIFETIME = Duration.ofDays(7);

    private final GroupCommit commits;
    private final RedisLink redis;
    private final JsonMapper mapper;
    private final Clock clock;
    private final String instance;

    Notifications(GroupCommit commits, RedisLink redis, JsonMapper mapper, Clock clock, FloorProperties properties) {
        this.commits = commits;
        this.redis = redis;
        this.mapper = mapper;
        this.clock = clock;
        this.instance = properties.instance();
    }

    /** Keeps it; returns whether it was new. */
    boolean received(String eventId, String orderId) {
        Notification notification = new Notification(
                eventId, "OrderCreatedEvent", orderId, instance, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        String member = eventId + '@' + instance;
        List<Object> answer = commits.commit(Script.Call.of(
                List.of(key(member), index(orderId)),
                List.of(mapper.writeValueAsBytes(notification), member, LIFETIME.toMillis())));
        return "RECEIVED".equals(new String((byte[]) answer.getFirst(), StandardCharsets.UTF_8));
    }

    /** What all instances have received about an order. */
    List<Notification> about(String orderId) {
        RedisCommands<byte[], byte[]> commands = redis.reads().sync();
        byte[][] keys = commands.zrange(bytes(index(orderId)), 0, -1).stream()
                .map(member -> bytes(key(new String(member, StandardCharsets.UTF_8))))
                .toArray(byte[][]::new);
        return keys.length == 0
                ? List.of()
                : commands.mget(keys).stream()
                        .filter(Value::hasValue)
                        .map(entry -> mapper.readValue(entry.getValue(), Notification.class))
                        .toList();
    }

    private static String key(String member) {
        return "floor:notification:" + member;
    }

    private static String index(String orderId) {
        return "floor:notifications-of:" + orderId;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
