package io.catga.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.store.AtomicStep;
import io.catga.store.Outbox;
import io.catga.transport.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is acknowledged stays, whichever way the master is lost; and who commits sees a delay, not an error. */
class RedisFailoverTest {

    private static final Duration LONG = Duration.ofSeconds(15);
    private static final int WRITERS = 8;

    private final RedisTestCluster cluster = RedisTestCluster.begin();
    private final RedisSystem system = RedisSystem.start(cluster.options());

    @BeforeEach
    void bothReplicasFollow() {
        await("two replicas follow").atMost(LONG).until(() -> required() == 2);
    }

    @AfterEach
    void close() {
        system.close();
        cluster.stop();
    }

    private static Instant in(Duration time) {
        return Instant.now().plus(time);
    }

    private static AtomicStep step(String key) {
        return AtomicStep.forKey("test", key, "f", new byte[0], Duration.ofMinutes(5))
                .put(key, key.getBytes())
                .publish(new WireMessage("test.event", key, Map.of(), new byte[0]));
    }

    /** Commits from several threads while something happens, until the link has moved on and a moment longer. */
    private Set<String> commitDuring(Runnable fault) throws Exception {
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        Queue<Exception> refused = new ConcurrentLinkedQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        long before = system.link().failovers();
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                writers.submit(() -> {
                    while (!end.await(2, TimeUnit.MILLISECONDS)) {
                        String key = UUID.randomUUID().toString();
                        try {
                            system.store().commit(step(key), in(LONG));
                            acknowledged.add(key);
                        } catch (CatgaException e) {
                            refused.add(e);
                        }
                    }
                    return null;
                });
            }
            try {
                await().atMost(LONG).until(() -> acknowledged.size() > 200);
                fault.run();
                await("another master").atMost(LONG).until(() -> system.link().failovers() > before);
                int then = acknowledged.size();
                await("commits go on").atMost(LONG).until(() -> acknowledged.size() > then + 200);
            } finally {
                end.countDown();
            }
        }
        assertThat(refused).isEmpty();
        return new HashSet<>(acknowledged);
    }

    private void assertAllThere(Set<String> acknowledged) {
        List<String> keys = new ArrayList<>(acknowledged);
        for (int from = 0; from < keys.size(); from += 500) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + 500));
            assertThat(system.store().getAll(some, in(LONG))).allMatch(java.util.Optional::isPresent);
        }
        Set<String> waiting = new HashSet<>();
        RedisOutbox outbox = system.outbox();
        List<Outbox.Entry> taken;
        do {
            // refused while the old master becomes a replica; a relay asks again as well
            taken = await().ignoreExceptionsInstanceOf(CatgaException.class)
                    .atMost(LONG)
                    .until(() -> outbox.take(500, Duration.ofMillis(100)), any -> true);
            outbox.remove(taken);
            taken.forEach(entry -> waiting.add(entry.event().messageId()));
        } while (!taken.isEmpty());
        assertThat(waiting).containsAll(acknowledged);
    }

    @Test
    void losesNothingWhenTheMasterIsKilled() throws Exception {
        assertAllThere(commitDuring(() -> cluster.signal("KILL", master())));
    }

    @Test
    void losesNothingWhenTheMasterHangs() throws Exception {
        assertAllThere(commitDuring(() -> cluster.signal("STOP", master())));
    }

    @Test
    void losesNothingWhenALivingMasterIsReplaced() throws Exception {
        assertAllThere(commitDuring(cluster::failover));
    }

    @Test
    void waitsForFewerReplicasWhenOneHangs() throws Exception {
        int replica = cluster.nodes().stream()
                .filter(port -> port != master())
                .findFirst()
                .orElseThrow();
        cluster.signal("STOP", replica);

        system.store().commit(step("while it hangs"), in(LONG));

        assertThat(required()).isEqualTo(1);
        cluster.signal("CONT", replica);
        await().atMost(LONG).until(() -> required() == 2);
    }

    @Test
    void refusesSoonWhenNothingIsLeft() {
        cluster.nodes().forEach(port -> cluster.signal("KILL", port));
        await().atMost(LONG).until(() -> !system.link().isWritable());

        Instant begun = Instant.now();
        assertThatThrownBy(() -> system.store().commit(step("lost"), in(LONG)))
                .isInstanceOfSatisfying(
                        CatgaException.class,
                        refusal -> assertThat(refusal.error().code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void refusesSoonWhenNoReplicaIsLeft() {
        cluster.nodes().stream().filter(port -> port != master()).forEach(port -> cluster.signal("KILL", port));
        await().atMost(LONG).until(() -> !system.link().isWritable());

        Instant begun = Instant.now();
        assertThatThrownBy(() -> system.store().commit(step("unsafe"), in(LONG)))
                .isInstanceOfSatisfying(
                        CatgaException.class,
                        refusal -> assertThat(refusal.error().code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    /** A replica that still follows the old master would acknowledge what it forgets when it turns to the new one. */
    @Test
    void theReplicasOfAMasterThatWasReplacedCountNoMore() throws Exception {
        Master replaced = system.link().awaitMaster(in(LONG));

        cluster.failover();

        await().atMost(LONG).until(() -> system.link().failovers() == 1);
        assertThatThrownBy(() -> system.link().requiredReplicas(replaced))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining(replaced.address().toString());
    }

    /** After the network was cut for a moment, TCP itself would try again only after seconds, or minutes. */
    @Test
    void connectsAnewToAMasterWhoseConnectionsWentSilent() throws Exception {
        try (Gateway gateway = Gateway.to(cluster.nodes().getFirst());
                RedisSystem alone = RedisSystem.start(RedisOptions.standalone(gateway.address(), "alone"))) {
            alone.store().commit(step("before"), in(LONG));

            gateway.silence();

            Instant begun = Instant.now();
            alone.store().commit(step("during"), in(LONG));
            assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(4));
            assertThat(alone.store().getAll(List.of("before", "during"), in(LONG)))
                    .allMatch(java.util.Optional::isPresent);
            assertThat(alone.link().failovers()).isZero();
        }
    }

    /** TCP tries again on each connection in its own time, so one may answer long before another. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void connectsAnewWhenOneOfTheConnectionsWentSilent(int connection) throws Exception {
        try (Gateway gateway = Gateway.to(cluster.nodes().getFirst());
                RedisSystem alone = RedisSystem.start(RedisOptions.standalone(gateway.address(), "alone"))) {
            alone.store().commit(step("before"), in(LONG));
            int connections = gateway.connections();

            gateway.silence(connection);

            await("all are made anew").atMost(LONG).until(() -> gateway.connections() == 2 * connections);
            alone.store().commit(step("after"), in(LONG));
            RedisOutbox outbox = alone.outbox();
            Set<String> waiting = new HashSet<>();
            // refused while the connections are exchanged; a relay asks again as well
            await("the outbox hands out")
                    .ignoreExceptionsInstanceOf(CatgaException.class)
                    .atMost(LONG)
                    .until(() -> {
                        outbox.take(10, Duration.ofSeconds(1))
                                .forEach(entry -> waiting.add(entry.event().messageId()));
                        return waiting.size() == 2;
                    });
            assertThat(waiting).containsExactlyInAnyOrder("before", "after");
        }
    }

    @Test
    void asksSentinelsAnewWhoseConnectionsWentSilent() throws Exception {
        List<Gateway> gateways = new ArrayList<>();
        try {
            for (int sentinel : cluster.sentinels()) {
                gateways.add(Gateway.to(sentinel));
            }
            RedisOptions through = RedisOptions.sentinel(
                    gateways.stream().map(Gateway::address).toList(), "mymaster", "through");
            try (RedisSystem other = RedisSystem.start(through)) {
                gateways.forEach(Gateway::silence);

                cluster.failover();

                await("the new master is found")
                        .atMost(LONG)
                        .until(() -> other.link().failovers() == 1);
            }
        } finally {
            gateways.forEach(Gateway::close);
        }
    }

    private int required() throws InterruptedException, TimeoutException {
        return system.link().requiredReplicas(system.link().awaitMaster(in(LONG)));
    }

    private int master() {
        String address = system.link().masterAddress().orElseThrow();
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }
}
