package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.cluster.HostileRequest.Kind;
import io.catga.cluster.RawHttp.After;
import io.catga.cluster.RawHttp.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What nobody means well, at the load balancer and at each order-api itself. {@code -Dhostile.seed=7} repeats a run, and a
 * complaint names the request by its number.
 */
@ClusterTest
class HostileIT {

    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 16;
    /** Beyond the ten seconds in which everybody lets go of who says nothing, on busy cores. */
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** A hundredth of the requests: nothing that can be asked for is a warning each time. */
    private static final int WARNINGS = REQUESTS / 100;

    private static final int BODY_LIMIT = 64 * 1024;

    private final long seed = Long.getLong("hostile.seed", System.nanoTime() % 1_000_000);
    private final HostileRequests requests = new HostileRequests(seed, Long.toString(System.nanoTime(), 36));

    static List<Integer> ports() {
        return List.of(RawHttp.BALANCER_PORT, Orders.API_PORTS.getFirst());
    }

    @Test
    void tenThousandRequestsOfAllKindsHarmNobody() throws Exception {
        System.out.printf("-Dhostile.seed=%d makes the same requests%n", seed);
        Vitals before = Vitals.now();
        Instant begin = Instant.now();
        ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> statuses = new ConcurrentLinkedQueue<>();

        try (GoodCustomers others = new GoodCustomers(Orders.API_PORTS);
                RawHttp http = new RawHttp(LIMIT)) {
            AtomicInteger next = new AtomicInteger();
            inParallel(CLIENTS, () -> {
                for (int number = next.getAndIncrement(); number < REQUESTS; number = next.getAndIncrement()) {
                    HostileRequest request = requests.get(number);
                    Exchange exchange = http.exchange(request.port(), request.bytes(), request.after());
                    HostileAnswers.complaints(request, exchange, requests.mark())
                            .forEach(complaint -> complaints.add(request + "\n    " + complaint));
                    statuses.add(request.kind() + " " + statusOf(request, exchange));
                }
                return null;
            });
            others.assertServed();
            System.out.printf(
                    "%d orders of others meanwhile; %s in %s%n",
                    others.orders(), new TreeMap<>(counted(statuses)), Duration.between(begin, Instant.now()));
        }

        assertThat(complaints.stream().limit(30))
                .as("%d complaints, seed %d", complaints.size(), seed)
                .isEmpty();
        assertThat(Orders.idsOf(requests.refused())).isEmpty();
        assertThat(counted(statuses))
                .as("who is told nothing has mostly not asked to the end")
                .satisfies(counts ->
                        assertThat(counts.getOrDefault(Kind.BODY + " none", 0L)).isLessThan(REQUESTS / 100));
        ClusterLogs.assertClean(begin, WARNINGS);
        before.assertUnharmed();
        Cluster.awaitHealthy();
    }

    private static String statusOf(HostileRequest request, Exchange exchange) {
        List<RawAnswer> answers = RawAnswer.allOf(exchange.received(), request.isHead());
        return answers.isEmpty() ? "none" : Integer.toString(answers.getFirst().status());
    }

    private static Map<String, Long> counted(Iterable<String> words) {
        List<String> all = new ArrayList<>();
        words.forEach(all::add);
        return all.stream().collect(Collectors.groupingBy(word -> word, Collectors.counting()));
    }

    private static void inParallel(int times, Callable<?> work) throws InterruptedException, ExecutionException {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<?> client : clients.invokeAll(Collections.nCopies(times, work))) {
                client.get();
            }
        }
    }

    private static List<RawAnswer> answers(int port, String request) throws IOException {
        try (RawHttp http = new RawHttp(LIMIT)) {
            return RawAnswer.allOf(
                    http.exchange(port, HostileFrames.bytes(request), After.WAIT)
                            .received(),
                    false);
        }
    }

    private static RawAnswer answer(int port, String request) throws IOException {
        List<RawAnswer> answers = answers(port, request);
        assertThat(answers).as(request).hasSize(1);
        return answers.getFirst();
    }

    private static void assertProblem(RawAnswer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"", "\"status\":" + status);
    }

    private static String order(String customer, int length) {
        String order = HostileBodies.order(customer);
        return order + " ".repeat(length - order.length());
    }

    private static String announced(String body) {
        return HostileHeaders.head(
                        "POST",
                        "/api/orders",
                        List.of("Content-Type: application/json", "Content-Length: " + body.length()))
                + body;
    }

    private static String inChunks(String body) {
        String half = body.substring(0, body.length() / 2);
        String rest = body.substring(half.length());
        return HostileHeaders.head(
                        "POST", "/api/orders", List.of("Content-Type: application/json", "Transfer-Encoding: chunked"))
                + "%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n".formatted(half.length(), half, rest.length(), rest);
    }

    @ParameterizedTest
    @MethodSource("ports")
    void aBodyOfTheLimitIsTakenAndOneMoreByteIsNot(int port) throws IOException {
        String customer = Orders.someCustomer();

        assertThat(answer(port, announced(order(customer, BODY_LIMIT))).status())
                .isEqualTo(201);
        assertThat(answer(port, inChunks(order(customer, BODY_LIMIT))).status()).isEqualTo(201);
        assertProblem(answer(port, announced(order("c", BODY_LIMIT + 1))), 413, "VALIDATION");
        assertProblem(answer(port, inChunks(order("c", BODY_LIMIT + 1))), 413, "VALIDATION");
        assertProblem(answer(port, announced(order("c", 1_000_000))), 413, "VALIDATION");
        assertThat(Orders.idsOf(customer)).hasSize(2);
    }

    /** It is refused for what it says, not when it has been read. */
    @ParameterizedTest
    @MethodSource("ports")
    void aBodyThatIsAnnouncedTooLargeIsNotWaitedFor(int port) throws IOException {
        String request = HostileHeaders.head(
                "POST", "/api/orders", List.of("Content-Type: application/json", "Content-Length: 10000000000"));

        assertProblem(answer(port, request), 413, "VALIDATION");
    }

    @ParameterizedTest
    @MethodSource("ports")
    void aHeaderOverTheLimitIsRefusedHoweverItIsMade(int port) throws IOException {
        String many = IntStream.range(0, 2_000).mapToObj(i -> "X-" + i + ": y").collect(Collectors.joining("\r\n"));
        String wide = IntStream.range(0, 50)
                .mapToObj(i -> "X-" + i + ": " + "y".repeat(1_000))
                .collect(Collectors.joining("\r\n"));
        for (String header : List.of(
                "X-A: " + "y".repeat(41_000),
                "X-A: " + "y".repeat(1_000_000),
                "y".repeat(41_000) + ": a",
                "Cookie: " + "a=b;".repeat(20_000),
                many,
                wide)) {
            assertProblem(
                    answer(port, HostileHeaders.head("GET", "/api/orders?limit=1", List.of(header))),
                    400,
                    "UNREADABLE");
        }
    }

    @Test
    void aLineOfMoreThanEightKilobytesEndsAtTheLoadBalancer() throws IOException {
        String head = HostileHeaders.head("GET", "/api/orders?limit=1", List.of("X-A: " + "y".repeat(8_300)));

        assertProblem(answer(RawHttp.BALANCER_PORT, head), 400, "UNREADABLE");
        assertThat(answer(Orders.API_PORTS.getFirst(), head).status()).isEqualTo(200);
    }

    /** As bytes and in every writing of them; what is taken for a header must not come back as one. */
    @ParameterizedTest
    @MethodSource("ports")
    void noTextOfTheClientBecomesAHeaderOfTheAnswer(int port) throws IOException {
        for (String text : List.of(
                "a\r\nX-Injected: 1",
                "a\nX-Injected: 1",
                "a\rX-Injected: 1",
                "a%0d%0aX-Injected:%201",
                "a\\r\\nX-Injected: 1",
                "a\u010d\u010aX-Injected: 1",
                "a\u2028X-Injected: 1",
                "\"a\r\n X-Injected: 1\"")) {
            for (String name : List.of(
                    "Idempotency-Key",
                    "X-Request-Id",
                    "X-Request-Timeout",
                    "X-Served-By",
                    "X-Trace-Id",
                    "traceparent",
                    "X-Forwarded-Host",
                    "X-Forwarded-Proto",
                    "Origin",
                    "Accept",
                    "Content-Type")) {
                String body = HostileBodies.order("c");
                List<String> headers = new ArrayList<>(List.of(name + ": " + text, "Content-Length: " + body.length()));
                if (!name.equals("Content-Type")) {
                    headers.add("Content-Type: application/json");
                }
                assertNothingInjected(answers(port, HostileHeaders.head("POST", "/api/orders", headers) + body));
            }
            for (String path : List.of("/api/orders/", "/api/orders?customerId=", "/swagger-ui?x=", "/console/")) {
                assertNothingInjected(answers(port, HostileHeaders.head("GET", path + text, List.of())));
            }
        }
    }

    private static void assertNothingInjected(List<RawAnswer> answers) {
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isLessThan(500);
            assertThat(answer.headers().keySet()).noneMatch(name -> name.contains("injected"));
            assertThat(answer.headers()).allSatisfy((name, values) -> {
                // a redirect leads to the address that the client has named, line ends and all, as %0D%0A
                if (!name.equals("location")) {
                    assertThat(values.toString()).as(name).doesNotContain("Injected");
                }
            });
        });
    }

    @ParameterizedTest
    @MethodSource("ports")
    void noHiddenRequestIsAnswered(int port) throws IOException {
        List<String> attempts = Stream.of(
                        HostileFrames.CODINGS.stream().map(coding -> HostileFrames.ambiguous(coding, "x")),
                        HostileFrames.DISGUISES.stream().map(coding -> HostileFrames.ambiguous(coding, "x")),
                        HostileFrames.CODINGS.stream().map(coding -> HostileFrames.shorter(coding, "x")),
                        HostileFrames.LENGTHS.stream().map(length -> HostileFrames.strange(length, "x")))
                .flatMap(attempt -> attempt)
                .toList();
        for (String attempt : attempts) {
            List<RawAnswer> answers = answers(port, attempt);

            assertThat(answers).as(attempt).hasSizeBetween(1, 2);
            assertThat(answers.getFirst().status()).as(attempt).isBetween(400, 499);
            assertThat(answers).as(attempt).noneMatch(answer -> answer.body().contains(HostileFrames.SMUGGLED));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/",
                "/actuator/env",
                "/actuator/index.html",
                "/actuator/health/readiness",
                "/actuator/prometheus",
                "/actuator/catga",
                "/%61ctuator/health",
                "/%2561ctuator/health",
                "/actuator;x=1/health",
                "//actuator/health",
                "/./actuator/health",
                "/api/../actuator/health",
                "/api/..;/actuator/health",
                "/;/actuator/health",
                "/api/%2e%2e/actuator/health",
                "/api/..%2factuator/health",
                "/ACTUATOR/health",
                "/actuator%2fhealth",
                "/actuator\\health",
                "/api/notifications/../../actuator/health",
                "/api/notifications/..;/..;/actuator/health",
                "http://x/actuator/health"
            })
    void whatIsForOperatorsIsNotBehindAnyWritingOfItsAddress(String path) throws IOException {
        RawAnswer answer = answer(RawHttp.BALANCER_PORT, HostileHeaders.head("GET", path, List.of()));

        assertThat(answer.status()).as(answer.body()).isIn(400, 404);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).doesNotContain("livenessState", "_links", "# HELP");
    }

    /** What an order-api shows to who is past the load balancer, and nothing beyond. */
    @Test
    void anInstanceShowsOperatorsNothingThatCouldBeUsed() throws IOException {
        int port = Orders.API_PORTS.getFirst();
        for (String name : List.of(
                "env", "beans", "heapdump", "threaddump", "loggers", "shutdown", "configprops", "catgadeadletters")) {
            assertThat(answer(port, HostileHeaders.head("GET", "/actuator/" + name, List.of()))
                            .status())
                    .as(name)
                    .isEqualTo(404);
            assertThat(answer(port, HostileHeaders.head("POST", "/actuator/" + name, List.of()))
                            .status())
                    .as(name)
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @MethodSource("ports")
    void noFileIsReachedByGoingUp(int port) throws IOException {
        for (String folder : List.of("/console/", "/swagger-ui/", "/webjars/", "/", "/api/orders/")) {
            for (String up :
                    List.of("../", "..%2f", "%2e%2e/", "%252e%252e%252f", "..;/", "..%5c", "..\\", "%c0%ae%c0%ae/")) {
                for (String file : List.of("application.yml", "order-app.yml", "etc/passwd", "META-INF/MANIFEST.MF")) {
                    RawAnswer answer =
                            answer(port, HostileHeaders.head("GET", folder + up.repeat(3) + file, List.of()));

                    assertThat(answer.status()).as(folder + up + file).isIn(400, 404);
                    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
                }
            }
        }
    }
}
