package io.catga.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {

    private static final Requests PAGE = Requests.pages(List.of("/"));

    @Test
    void aStallCountsForAllThatWereDueMeanwhile() throws Exception {
        Duration stall = Duration.ofMillis(500);
        try (FakeServer server = new FakeServer(n -> {
            if (n == 50) {
                sleep(stall);
            }
            return FakeServer.OK;
        })) {
            Tally tally = run(server.address(), 1, Lab.rate(200), Duration.ofSeconds(1));

            // Of 200 requests, about 100 were due during the stall of half a second. A clock that starts with the
            // sending
            // sees one slow request, and a P90 of less than a millisecond.
            assertThat(tally.succeeded()).isEqualTo(200);
            assertThat(tally.latencies().getCountBetweenValues(50_000, 10_000_000))
                    .isGreaterThanOrEqualTo(80);
            assertThat(tally.latencies().getValueAtPercentile(90)).isGreaterThan(200_000);
            assertThat(tally.longestGapMillis()).isGreaterThanOrEqualTo(stall.toMillis());
        }
    }

    @Test
    void aRateIsKeptWhileEarlierRequestsHaveNoAnswerYet() throws Exception {
        try (FakeServer server = new FakeServer(n -> {
            sleep(Duration.ofMillis(100));
            return FakeServer.OK;
        })) {
            Tally tally = run(server.address(), 100, Lab.rate(200), Duration.ofSeconds(1));

            assertThat(tally.succeeded()).isEqualTo(200);
            assertThat(server.connections()).isBetween(20, 100);
        }
    }

    @Test
    void aClosedLoopHasAsManyConnectionsAsClients() throws Exception {
        try (FakeServer server = new FakeServer(n -> FakeServer.OK)) {
            Tally tally = run(server.address(), 3, Lab.clients(3), Duration.ofMillis(300));

            assertThat(server.connections()).isEqualTo(3);
            assertThat(tally.succeeded()).isGreaterThan(10);
            assertThat(tally.failures()).isEmpty();
        }
    }

    @Test
    void otherAnswersAreFailuresAndHaveNoPartInTheTimes() throws Exception {
        Tally tally = answered(n -> n % 2 == 0 ? FakeServer.OK : "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", 10);

        assertThat(tally.succeeded()).isEqualTo(5);
        assertThat(tally.failures()).containsExactly(entry("status 503", 5L));
    }

    @Test
    void connectionsThatBreakAreFailures() throws Exception {
        Tally tally = answered(n -> n % 2 == 0 ? FakeServer.OK : "", 10);

        assertThat(tally.succeeded()).isEqualTo(5);
        assertThat(tally.failures()).containsExactly(entry("closed without an answer", 5L));
    }

    @Test
    void halfAnAnswerIsAFailure() throws Exception {
        Tally tally = answered(n -> "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nhalf", 3);

        assertThat(tally.failures()).containsExactly(entry("closed during the answer", 3L));
    }

    @Test
    void aRefusedConnectionIsAFailure() throws Exception {
        InetSocketAddress nobody;
        try (FakeServer server = new FakeServer(n -> FakeServer.OK)) {
            nobody = server.address();
        }
        Tally tally = run(nobody, 1, Lab.rate(20), Duration.ofMillis(200));

        assertThat(tally.failures()).containsExactly(entry("connection refused", 4L));
    }

    @Test
    void theServerMayCloseAConnectionAfterAnAnswer() throws Exception {
        Tally tally = answered(n -> FakeServer.OK.replace("Content", "Connection: close\r\nContent"), 10);

        assertThat(tally.succeeded()).isEqualTo(10);
        assertThat(tally.failures()).isEmpty();
    }

    @Test
    void theWatcherSeesEachBody() throws Exception {
        List<String> bodies = new ArrayList<>();
        try (FakeServer server = new FakeServer(n -> FakeServer.OK)) {
            run(server.address(), 2, Lab.rate(10), Duration.ofMillis(300), (answer, now) -> bodies.add(answer.body()));
        }

        assertThat(bodies).containsExactly("ok", "ok", "ok");
    }

    private static Tally answered(IntFunction<String> answers, int requests) throws IOException {
        try (FakeServer server = new FakeServer(answers)) {
            return run(server.address(), 1, Lab.rate(50), Duration.ofMillis(20L * requests));
        }
    }

    private static Tally run(InetSocketAddress server, int connections, Lab.Pace pace, Duration time)
            throws IOException {
        return run(server, connections, pace, time, LoadGenerator.Watcher.NONE);
    }

    private static Tally run(
            InetSocketAddress server, int connections, Lab.Pace pace, Duration time, LoadGenerator.Watcher watcher)
            throws IOException {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        Tally tally = new Tally(start, end);
        new LoadGenerator(server, 200, connections, watcher).run(pace.between(start, end), PAGE, tally);
        return tally;
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
