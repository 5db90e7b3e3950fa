package io.catga.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What every scenario works with: loads that are metered and checked, and what has to be put back afterwards. */
final class Lab {

    /** Connections that a load at a fixed rate may have open; a request that finds none free waits, and that counts. */
    static final int CONNECTIONS = 512;

    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int FLOOR_PORT = 8090;
    private static final int WARM_UP_CLIENTS = 32;
    private static final int CAPACITY_CLIENTS = 64;
    private static final Duration DRAIN = Duration.ofSeconds(60);
    private static final Duration DRAIN_POLL = Duration.ofMillis(200);
    /** The health checks come every ten seconds. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private static final long AHEAD = 20_000_000;

    private final Arguments arguments;
    private final Cluster cluster;
    private final Engine engine;
    private final Meter meter;
    private final String host;
    private final int port;
    private final Undo undo = new Undo();
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private int loads;
    private double capacity;

    Lab(Arguments arguments, Cluster cluster, Engine engine, String host, int port) {
        this.arguments = arguments;
        this.cluster = cluster;
        this.engine = engine;
        this.meter = new Meter(engine);
        this.host = host;
        this.port = port;
    }

    /** How requests follow each other between two moments. */
    interface Pace {

        Arrivals between(long start, long end);
    }

    static Pace clients(int clients) {
        return (start, end) -> new ClosedLoop(clients, start, end);
    }

    static Pace rate(double perSecond) {
        return (start, end) -> new ConstantRate(perSecond, start, end);
    }

    Arguments arguments() {
        return arguments;
    }

    Cluster cluster() {
        return cluster;
    }

    Engine engine() {
        return engine;
    }

    Undo undo() {
        return undo;
    }

    String host() {
        return host;
    }

    /** New orders, placed through the load balancer. */
    Target orders() {
        return new Target(Cluster.PROJECT, edge(), () -> Requests.orders(nextRun()), CREATED, true);
    }

    Target orders(int perCustomer) {
        return new Target(Cluster.PROJECT, edge(), () -> Requests.orders(nextRun(), perCustomer), CREATED, true);
    }

    Target pages(List<String> paths, int success) {
        return new Target(Cluster.PROJECT, edge(), () -> Requests.pages(paths), success, false);
    }

    Target pages(List<String> paths) {
        return pages(paths, OK);
    }

    /** The same orders, placed with the hand-written opponent. */
    Target floorOrders() {
        return new Target("floor", floor(), () -> Requests.orders(nextRun()), CREATED, false);
    }

    Target floorPage(String path) {
        return new Target("floor", floor(), () -> Requests.pages(List.of(path)), NO_CONTENT, false);
    }

    String floorAddress() {
        return "http://" + host + ":" + FLOOR_PORT;
    }

    private InetSocketAddress edge() {
        return new InetSocketAddress(host, port);
    }

    private InetSocketAddress floor() {
        return new InetSocketAddress(host, FLOOR_PORT);
    }

    private String nextRun() {
        return "bench-" + run + "-" + loads++;
    }

    /** Clients enough to keep the cluster busy, and no more than that. */
    int usualClients() {
        return arguments.clients().get(Math.min(1, arguments.clients().size() - 1));
    }

    // --- loads ---

    /** Load that nobody measures: JVMs that have just started are slow at first. */
    void warmUp(Duration time) throws IOException, InterruptedException {
        if (time.isZero()) {
            return;
        }
        Tally tally = load(orders(), clients(WARM_UP_CLIENTS), WARM_UP_CLIENTS, time, LoadGenerator.Watcher.NONE);
        drain();
        say(
                "  warm-up: %d s, %d clients, %.0f orders/s, %d failed",
                time.toSeconds(), WARM_UP_CLIENTS, tally.perSecond(), tally.failed());
    }

    /** A short load after some instances have started. */
    void warmUpAgain() throws IOException, InterruptedException {
        warmUp(Duration.ofSeconds(Math.min(10, arguments.warmUp())));
    }

    /** Only the load, without meters. */
    Tally load(Target target, Pace pace, int connections, Duration time, LoadGenerator.Watcher watcher)
            throws IOException {
        long start = System.nanoTime() + AHEAD;
        long end = start + time.toNanos();
        Tally tally = new Tally(start, end);
        new LoadGenerator(target.server(), target.success(), connections, watcher)
                .run(pace.between(start, end), target.requests().get(), tally);
        undo.check();
        return tally;
    }

    Round round(Target target, Pace pace, int connections) throws IOException, InterruptedException {
        return round(target, pace, connections, LoadGenerator.Watcher.NONE);
    }

    /** A load of {@code --seconds} with all that there is to know about it. */
    Round round(Target target, Pace pace, int connections, LoadGenerator.Watcher watcher)
            throws IOException, InterruptedException {
        return round(target, pace, connections, Duration.ofSeconds(arguments.seconds()), watcher);
    }

    Round round(Target target, Pace pace, int connections, Duration time, LoadGenerator.Watcher watcher)
            throws IOException, InterruptedException {
        List<String> containers = containers(target);
        long stored = target.places() ? cluster.orders() : 0;
        Meter.Reading before = meter.read(containers);
        Meter.Machine machine = Meter.machine();
        Tally tally = load(target, pace, connections, time, watcher);
        double busy = Meter.machine().busySince(machine);
        long answered = System.nanoTime();
        drain();
        double drained = (System.nanoTime() - answered) / 1e6;
        Map<String, Double> processor = meter.read(containers).since(before);
        long unexplained = target.places() ? cluster.orders() - stored - tally.succeeded() : 0;
        if (unexplained < 0) {
            System.err.printf("  LOST: %d orders were acknowledged and are not stored%n", -unexplained);
        } else if (unexplained > tally.failed()) {
            System.err.printf("  %d orders are stored that nobody was told of%n", unexplained);
        }
        return new Round(tally, processor, busy, drained, unexplained);
    }

    /** Those that do the work: who runs on the cluster's NATS and Redis also has theirs. */
    private List<String> containers(Target target) {
        Stream<Cluster.Container> working = cluster.containers(Cluster.PROJECT).stream();
        if (!target.project().equals(Cluster.PROJECT)) {
            working = Stream.concat(
                    cluster.containers(target.project()).stream(),
                    working.filter(container ->
                            !container.isApp() && !container.service().startsWith("nginx")));
        }
        return working.filter(Cluster.Container::runs)
                .map(Cluster.Container::name)
                .toList();
    }

    /** Waits until every event is handled by everybody, so that their cost is that of the orders they are of. */
    void drain() throws IOException, InterruptedException {
        long until = System.nanoTime() + DRAIN.toNanos();
        while (cluster.eventsBehind() > 0) {
            if (System.nanoTime() > until) {
                System.err.printf(
                        "  after %d s there are still %d events to handle%n",
                        DRAIN.toSeconds(), cluster.eventsBehind());
                return;
            }
            LoadGenerator.pause(DRAIN_POLL);
        }
    }

    /** How many processors each uses while nobody asks for anything. */
    Map<String, Double> idle() throws InterruptedException {
        List<String> containers = containers(orders());
        Meter.Reading before = meter.read(containers);
        long start = System.nanoTime();
        LoadGenerator.pause(IDLE);
        double millis = (System.nanoTime() - start) / 1e6;
        Map<String, Double> used = meter.read(containers).since(before);
        used.remove(Meter.GENERATOR);
        used.replaceAll((who, time) -> time / millis);
        return used;
    }

    /**
     * Measures several loads, each as often as there are rounds, by turns: what changes with time then changes all of them.
     */
    List<Measurement> byTurns(Map<String, Callable<Round>> loads) throws Exception {
        Map<String, List<Round>> rounds = new LinkedHashMap<>();
        for (int i = 0; i < arguments.rounds(); i++) {
            for (Map.Entry<String, Callable<Round>> load : loads.entrySet()) {
                Round round = load.getValue().call();
                rounds.computeIfAbsent(load.getKey(), name -> new ArrayList<>()).add(round);
                tell(load.getKey(), round);
            }
        }
        List<Measurement> measurements = new ArrayList<>();
        rounds.forEach((name, of) -> measurements.add(Measurement.of(name, of)));
        return measurements;
    }

    Measurement measure(String name, Callable<Round> load) throws Exception {
        return byTurns(Map.of(name, load)).getFirst();
    }

    private static void tell(String name, Round round) {
        Tally tally = round.tally();
        say(
                "  %s: %.0f/s, P50 %.1f, P99 %.1f, max %.1f ms, %d failed, machine %.0f %% busy, %.1f ms of processor each, events %.1f s behind%s",
                name,
                tally.perSecond(),
                tally.latencies().getValueAtPercentile(50) / 1000.0,
                tally.latencies().getValueAtPercentile(99) / 1000.0,
                tally.latencies().getMaxValue() / 1000.0,
                tally.failed(),
                100 * round.busy(),
                Measurement.processorEach(round),
                round.drainMillis() / 1000,
                tally.failures().isEmpty() ? "" : " " + tally.failures());
    }

    static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /** Orders a second that the cluster can take: the best of this run, or of one round where nothing has shown it yet. */
    double capacity() throws IOException, InterruptedException {
        if (capacity == 0) {
            Round round = round(orders(), clients(CAPACITY_CLIENTS), CAPACITY_CLIENTS);
            tell("what the cluster takes, " + CAPACITY_CLIENTS + " clients", round);
            noteCapacity(round.tally().perSecond());
        }
        return capacity;
    }

    void noteCapacity(double perSecond) {
        if (perSecond <= 0) {
            throw new Failed("the cluster has not accepted a single order; see the failures above, and ./doctor.sh");
        }
        capacity = Math.max(capacity, perSecond);
    }
}
