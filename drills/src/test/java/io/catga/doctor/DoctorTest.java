package io.catga.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.catga.doctor.Finding.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every finding is proved by its illness, planted in what a healthy cluster answered: a line for each, hence its length. */
class DoctorTest {

    private static final String EVENTS = "/jsz/account_details/0/stream_detail/1";
    private static final String CONSUMER = EVENTS + "/consumer_detail/0";
    /** Who leads what in the recording. */
    private static final int LEADS_EVENTS = 3;

    private static final int LEADS_CONSUMERS = 2;

    private static final long MIB = 1024 * 1024;

    private static Arguments problem(String what, UnaryOperator<Recorded> illness) {
        return Arguments.of(what, Level.PROBLEM, illness);
    }

    private static Arguments warning(String what, UnaryOperator<Recorded> illness) {
        return Arguments.of(what, Level.WARNING, illness);
    }

    static Stream<Arguments> illnessesOfTheMachine() {
        return Stream.of(
                problem("no Docker engine answers", seen -> seen.withoutEngine("Cannot connect to the Docker daemon")),
                problem(
                        "this user may not use it",
                        seen -> seen.withoutEngine("permission denied while trying to connect")),
                warning("the cluster is not there", Recorded::withoutCluster),
                warning(
                        "300 MB of 24.0 GB memory",
                        seen -> seen.host(it -> it.withMemory(300 * MIB, it.totalMemory()))),
                problem("60 MB of 24.0 GB memory", seen -> seen.host(it -> it.withMemory(60 * MIB, it.totalMemory()))),
                warning(
                        "1000 MB of 24.0 GB memory",
                        seen -> seen.withoutCluster().host(it -> it.withMemory(1000 * MIB, it.totalMemory()))),
                warning("3.0 GB of 252.0 GB disk", seen -> seen.host(it -> it.withDisk(3072 * MIB, it.totalDisk()))),
                problem("500 MB of 252.0 GB disk", seen -> seen.host(it -> it.withDisk(500 * MIB, it.totalDisk()))),
                warning("29 threads want its 2 processors", seen -> seen.host(it -> it.withLoad(29.1, 2))),
                problem(
                        "port 8080 of cluster-nginx does not answer",
                        seen -> seen.port(new Facts.Port(8080, "cluster-nginx", true, false))),
                problem(
                        "port 8080, which cluster-nginx needs, is taken",
                        seen -> seen.withoutCluster().port(new Facts.Port(8080, "cluster-nginx", false, true))),
                warning(
                        "somebody answers on the cluster's ports 8080",
                        seen -> seen.withoutEngine("permission denied")
                                .port(new Facts.Port(8080, "cluster-nginx", false, true))),
                warning("0.40 s ahead of", seen -> seen.clock(Duration.ofMillis(400), Duration.ofMillis(20))),
                problem("5.00 s behind", seen -> seen.clock(Duration.ofSeconds(-5), Duration.ofMillis(20))));
    }

    static Stream<Arguments> illnessesOfContainers() {
        String nats = "cluster-nats-2";
        return Stream.of(
                problem("there is no container of sentinel-3", seen -> seen.without("cluster-sentinel-3")),
                problem(
                        nats + " is exited (exit code 137)",
                        seen -> seen.container(nats, "/State/Status", "exited")
                                .container(nats, "/State/ExitCode", 137)),
                problem(nats + " is paused", seen -> seen.container(nats, "/State/Status", "paused")),
                problem(nats + " ends again and again", seen -> seen.container(nats, "/State/Status", "restarting")),
                problem(nats + " was ended by the kernel", seen -> seen.container(nats, "/State/OOMKilled", true)),
                warning("started again, 3 times", seen -> seen.container(nats, "/RestartCount", 3)),
                problem(
                        nats + " is unhealthy: no quorum",
                        seen -> seen.container(
                                nats,
                                "/State/Health",
                                Map.of("Status", "unhealthy", "Log", List.of(Map.of("Output", "no quorum\n"))))),
                warning(nats + " is still starting", seen -> seen.container(nats, "/State/Health/Status", "starting")),
                problem(
                        "cluster-order-service-3 is cut off",
                        seen -> seen.container("cluster-order-service-3", "/NetworkSettings/Networks", Map.of())),
                warning("uses 92 % of the memory", seen -> seen.memoryOfAll(0.92)),
                problem("uses 99 % of the memory", seen -> seen.memoryOfAll(0.99)),
                warning(
                        "order-api runs in 2 versions",
                        seen -> seen.container("cluster-order-api-2", "/Image", "sha256:other")));
    }

    static Stream<Arguments> illnessesOfNats() {
        return Stream.of(
                problem("cluster-nats-1 does not answer", seen -> seen.withoutNats(1)),
                problem("1 of 3 nodes answer", seen -> seen.withoutNats(1).withoutNats(1)),
                problem(
                        "no node of NATS answers",
                        seen -> seen.withoutNats(1).withoutNats(1).withoutNats(1)),
                problem(
                        "nats-1 says: JetStream has not established contact",
                        seen -> seen.nats(
                                1,
                                "/healthz",
                                Map.of(
                                        "status",
                                        "unavailable",
                                        "error",
                                        "JetStream has not established contact with a meta leader"))),
                problem(
                        "nats-1 has no route to nats-3",
                        seen -> seen.nats(1, "/routez/routes", List.of(Map.of("remote_name", "nats-2")))),
                problem("nats-1 knows no leader", seen -> seen.nats(1, "/jsz/meta_cluster/leader", "")),
                problem("disagree about who leads", seen -> seen.nats(1, "/jsz/meta_cluster/leader", "nats-2")),
                warning(
                        "JetStream's metadata on nats-1 is offline",
                        seen -> seen.nats(
                                3,
                                "/jsz/meta_cluster/replicas",
                                List.of(Map.of("name", "nats-1", "current", false, "offline", true)))),
                warning("different versions", seen -> seen.nats(2, "/varz/version", "2.14.0")),
                warning("nats-2 has cut off 4 clients", seen -> seen.nats(2, "/varz/slow_consumers", 4)),
                problem("CATGA_EVENTS has no leader", seen -> seen.natsEverywhere(EVENTS + "/cluster/leader", "")),
                warning(
                        "the replica of CATGA_EVENTS on nats-1 is not current, 17 operations behind",
                        seen -> seen.nats(
                                LEADS_EVENTS,
                                EVENTS + "/cluster/replicas",
                                List.of(Map.of("name", "nats-1", "current", false, "lag", 17)))),
                warning("1 replicas", seen -> seen.nats(LEADS_EVENTS, EVENTS + "/config/num_replicas", 1)),
                warning("93 % full", seen -> seen.nats(LEADS_EVENTS, EVENTS + "/state/bytes", 1_000_000_000L)),
                problem(
                        "cluster-notification-service-1 has no leader: it delivers nothing",
                        seen -> seen.natsEverywhere(CONSUMER + "/cluster/leader", "")),
                warning("250 of at most 256", seen -> seen.nats(LEADS_CONSUMERS, CONSUMER + "/num_ack_pending", 250)),
                problem("it gets no more", seen -> seen.nats(LEADS_CONSUMERS, CONSUMER + "/num_ack_pending", 256)),
                warning("5000 events behind", seen -> seen.nats(LEADS_CONSUMERS, CONSUMER + "/num_pending", 5_000)),
                warning(
                        "7 events of CATGA_EVENTS/cluster-notification-service-1 are being delivered again",
                        seen -> seen.nats(LEADS_CONSUMERS, CONSUMER + "/num_redelivered", 7)),
                problem(
                        "12 events wait for CATGA_EVENTS/cluster-notification-service-1, which has taken none",
                        DoctorTest::stalled),
                problem(
                        "2 events wait for CATGA_EVENTS/cluster-notification-service-1, which has taken none",
                        seen -> stalled(seen)
                                .nats(LEADS_CONSUMERS, CONSUMER + "/num_pending", 0)
                                .nats(LEADS_CONSUMERS, CONSUMER + "/num_ack_pending", 3)
                                .nats(LEADS_CONSUMERS, CONSUMER + "/num_redelivered", 1)),
                problem("there is no stream CATGA_EVENTS", seen -> seen.withoutStream("CATGA_EVENTS")),
                problem("there is no stream CATGA_DEAD_LETTERS", seen -> seen.withoutStream("CATGA_DEAD_LETTERS")),
                problem(
                        "cluster-notification-service-1 has no consumer",
                        seen -> seen.natsEverywhere(CONSUMER + "/name", "another")),
                warning(
                        "an instance that is not there any more",
                        seen -> stalled(seen).without("cluster-notification-service-1")));
    }

    private static Recorded stalled(Recorded seen) {
        return seen.nats(LEADS_CONSUMERS, CONSUMER + "/num_pending", 12)
                .nats(LEADS_CONSUMERS, CONSUMER + "/delivered/last_active", "2026-11-25T11:00:00Z");
    }

    static Stream<Arguments> illnessesOfRedis() {
        return Stream.of(
                problem("cluster-redis-2 runs and does not answer", seen -> seen.withoutRedis(2)),
                problem("there is no master", seen -> seen.redis(1, "role:master", "role:slave")),
                problem("there are 2 masters: redis-1, redis-3", seen -> seen.redis(3, "role:slave", "role:master")),
                problem("sentinel-2 sees no quorum", seen -> seen.sentinel(2, "OK 3 usable", "NOQUORUM 1 usable")),
                problem("calls the master redis-1 down", seen -> seen.sentinel(1, "\nmaster\n", "\ns_down,master\n")),
                problem("no Sentinel answers", Recorded::withoutSentinels),
                problem("the Sentinels disagree", seen -> seen.sentinel(3, "redis-1", "redis-2")),
                problem(
                        "the Sentinels call redis-2 master, but redis-1 is",
                        seen -> seen.sentinel(1, "redis-1", "redis-2")
                                .sentinel(2, "redis-1", "redis-2")
                                .sentinel(3, "redis-1", "redis-2")),
                problem(
                        "redis-1 has no replica",
                        seen -> seen.redis(1, "slave0:", "gone0:").redis(1, "slave1:", "gone1:")),
                warning("1 of 2 replicas follow redis-1", seen -> seen.redis(1, "slave1:", "gone1:")),
                warning("taking a copy of the whole data", seen -> seen.redis(1, "state=online", "state=wait_bgsave")),
                warning("is 9 s and", seen -> seen.redis(1, "lag=0", "lag=9")),
                warning("bytes behind its master", seen -> seen.redis(1, "offset=18", "offset=1")),
                problem(
                        "redis-2 has lost its link to redis-1",
                        seen -> seen.redis(2, "master_link_status:up", "master_link_status:down")),
                problem(
                        "redis-2 follows redis-3, which is not the master",
                        seen -> seen.redis(2, "master_host:redis-1", "master_host:redis-3")),
                problem(
                        "redis-3 is a replica that takes writes",
                        seen -> seen.redis(3, "slave_read_only:1", "slave_read_only:0")),
                warning("redis-3 is reading its data", seen -> seen.redis(3, "loading:0", "loading:1")),
                problem(
                        "redis-1 evicts data when it is full (allkeys-lru)",
                        seen -> seen.redis(1, "maxmemory_policy:noeviction", "maxmemory_policy:allkeys-lru")),
                problem("has evicted 40 keys", seen -> seen.redis(1, "evicted_keys:0", "evicted_keys:40")),
                problem("no append-only file", seen -> seen.redis(1, "aof_enabled:1", "aof_enabled:0")),
                problem(
                        "could not write its append-only file",
                        seen -> seen.redis(1, "aof_last_write_status:ok", "aof_last_write_status:err")),
                warning(
                        "could not rewrite its append-only file",
                        seen -> seen.redis(1, "aof_last_bgrewrite_status:ok", "aof_last_bgrewrite_status:err")),
                warning(
                        "uses 85 % of its memory",
                        seen -> seen.redis(1, "used_memory:", "used_memory:456340275\nwas:")),
                problem(
                        "uses 99 % of its memory",
                        seen -> seen.redis(1, "used_memory:", "used_memory:531502202\nwas:")),
                warning("different versions", seen -> seen.redis(2, "redis_version:8.0.2", "redis_version:7.0.15")));
    }

    static Stream<Arguments> illnessesOfApps() {
        return Stream.of(
                problem(
                        "cluster-order-service-1 says that redis is DOWN",
                        seen -> seen.health(
                                "\"redis\": {\n   \"status\": \"UP\"", "\"redis\": {\n   \"status\": \"DOWN\"")),
                warning("30 events wait in the outbox", seen -> seen.metrics(Optional.of(30.0), Optional.of(20.0), 0)),
                warning("4000 events wait", seen -> seen.metrics(Optional.of(4000.0), Optional.of(1.0), 0)),
                problem("the oldest for 90.0 s", seen -> seen.metrics(Optional.of(30.0), Optional.of(90.0), 0)),
                warning("no order-service says", seen -> seen.metrics(Optional.empty(), Optional.empty(), 0)),
                warning("2 events were given up", seen -> seen.metrics(Optional.of(0.0), Optional.of(0.0), 2)),
                warning("no instance says how many events were given up", Recorded::withoutCountOfDeadLetters),
                warning("Prometheus does not answer", Recorded::withoutPrometheus),
                warning("gives no metrics", seen -> seen.targets("\"health\": \"up\"", "\"health\": \"down\"")),
                warning(
                        "Prometheus asks 1 of 2 instances of notification-service",
                        seen -> seen.targets("\"job\": \"notification-service\"", "\"job\": \"another\"")));
    }

    @ParameterizedTest
    @MethodSource({
        "illnessesOfTheMachine",
        "illnessesOfContainers",
        "illnessesOfNats",
        "illnessesOfRedis",
        "illnessesOfApps"
    })
    void anIllnessIsFoundWithItsFix(String what, Level level, UnaryOperator<Recorded> illness) {
        Facts facts = illness.apply(new Recorded()).facts();

        List<Finding> findings = Doctor.examine(facts);

        assertThat(findings)
                .filteredOn(finding -> finding.what().contains(what))
                .isNotEmpty()
                .allSatisfy(finding -> {
                    assertThat(finding.level()).isEqualTo(level);
                    assertThat(finding.fix()).isNotBlank();
                });
    }

    @Test
    void aHealthyClusterHasNoOtherFindingThanThatAllIsWell() {
        Facts facts = new Recorded().facts();

        List<Finding> findings = Doctor.examine(facts);

        assertThat(findings).allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Level.OK));
        assertThat(findings)
                .extracting(Finding::area)
                .contains("host", "containers", "nats", "redis", "apps", "outbox", "dead letters", "prometheus");
        assertThat(Doctor.exitCode(facts, findings)).isZero();
    }

    @Test
    void whatOthersThanTheLeaderSayOfReplicasIsNotLookedAt() {
        Facts facts = new Recorded()
                .nats(
                        1,
                        EVENTS + "/cluster/replicas",
                        List.of(Map.of("name", "nats-2", "current", false, "offline", true)))
                .facts();

        assertThat(Doctor.worst(Doctor.examine(facts))).isEqualTo(Level.OK);
    }

    @Test
    void anEventThatFailsAndComesAgainAfterAPauseDoesNotMeanThatItsConsumerHangs() {
        Facts facts = stalled(new Recorded())
                .nats(LEADS_CONSUMERS, CONSUMER + "/num_pending", 0)
                .nats(LEADS_CONSUMERS, CONSUMER + "/num_ack_pending", 3)
                .nats(LEADS_CONSUMERS, CONSUMER + "/num_redelivered", 3)
                .facts();

        assertThat(Doctor.worst(Doctor.examine(facts))).isEqualTo(Level.WARNING);
    }

    @Test
    void aNotificationServiceThatStartsHasItsConsumerSoon() {
        Facts facts = new Recorded()
                .natsEverywhere(CONSUMER + "/name", "another")
                .container("cluster-notification-service-1", "/State/Health/Status", "starting")
                .facts();

        assertThat(Doctor.examine(facts))
                .noneSatisfy(finding -> assertThat(finding.what()).contains("has no consumer"));
    }

    @Test
    void theImageOfAContainerThatDoesNotRunIsNoVersionThatRuns() {
        Facts facts = new Recorded()
                .container("cluster-order-api-2", "/Image", "sha256:other")
                .container("cluster-order-api-2", "/State/Status", "exited")
                .facts();

        assertThat(Doctor.examine(facts))
                .noneSatisfy(finding -> assertThat(finding.what()).contains("versions"));
    }

    /** No image of a registry has curl for sure, and the question must not need an instance other than the one it is about. */
    @Test
    void anInstanceIsAskedWithWhatItsOwnContainerHas() throws Exception {
        HttpServer instance = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        byte[] health = Recorded.JSON.writeValueAsBytes(
                Map.of("status", "DOWN", "components", Map.of("nats", Map.of("status", "DOWN"))));
        instance.createContext("/actuator/health", asked -> {
            asked.sendResponseHeaders(503, health.length);
            asked.getResponseBody().write(health);
            asked.close();
        });
        instance.start();
        List<String> question = new ArrayList<>(App.QUESTION);
        question.add(Integer.toString(instance.getAddress().getPort()));

        Command.Outcome answer = Command.run(Duration.ofSeconds(10), question);
        instance.stop(0);
        Command.Outcome silence = Command.run(Duration.ofSeconds(10), question);

        assertThat(App.QUESTION).noneMatch(part -> part.contains("curl") || part.contains("wget"));
        assertThat(App.read("it", answer.output())).contains(new App("it", "DOWN", Map.of("nats", "DOWN")));
        assertThat(App.read("it", silence.output())).isEmpty();
    }

    @Test
    void aSlowAnswerProvesNoWrongClock() {
        Facts facts = new Recorded()
                .clock(Duration.ofMillis(900), Duration.ofMillis(800))
                .facts();

        assertThat(Doctor.worst(Doctor.examine(facts))).isEqualTo(Level.OK);
    }

    @Test
    void problemsEndWithOneAndWarningsWithNone() {
        Facts problem = new Recorded().withoutSentinels().facts();
        Facts warning = new Recorded().withoutPrometheus().facts();

        assertThat(Doctor.exitCode(problem, Doctor.examine(problem))).isEqualTo(1);
        assertThat(Doctor.exitCode(warning, Doctor.examine(warning))).isZero();
    }

    @Test
    void withoutAClusterThereIsNothingToSayOfItButTheMachineIsLookedAt() {
        Facts facts = new Recorded().withoutCluster().facts();

        List<Finding> findings = Doctor.examine(facts);

        assertThat(findings).extracting(Finding::area).containsOnly("host");
        assertThat(Doctor.exitCode(facts, findings)).isEqualTo(2);
    }

    @Test
    void whatItSaysForProgramsParsesAndHasEveryFinding() {
        List<Finding> findings =
                Doctor.examine(new Recorded().withoutSentinels().facts());

        var read = Recorded.JSON.readTree(new Diagnosis(findings, 1, Duration.ofMillis(1500)).json());

        assertThat(read.path("status").asString()).isEqualTo("problem");
        assertThat(read.path("problems").asInt()).isEqualTo(4);
        assertThat(read.path("findings")).hasSize(findings.size());
    }

    @Test
    void whatItSaysForPeopleHasTheFixBelowTheFinding() {
        List<Finding> findings = List.of(Finding.problem("redis", "it is ill", "Mend it."));

        assertThat(new Diagnosis(findings, 1, Duration.ofMillis(1500)).text())
                .contains("problem  redis", "it is ill", "-> Mend it.", "1 problems, 0 warnings; looked for 1.5 s");
    }

    @Test
    void theMachineIsReadFromWhatItsKernelSays() {
        Machine machine = Machine.read("""
                MemTotal:       24684092 kB
                MemFree:         8684092 kB
                MemAvailable:   18684092 kB
                0.52 0.58 0.59 1/467 12345
                2
                /dev/vda 264212084 154212084 83042181 66% /data
                """);

        assertThat(machine)
                .isEqualTo(
                        new Machine(18684092L * 1024, 24684092L * 1024, 83042181L * 1024, 264212084L * 1024, 0.52, 2));
    }
}
