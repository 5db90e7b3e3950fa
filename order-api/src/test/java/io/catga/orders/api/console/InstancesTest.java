package io.catga.orders.api.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.sun.net.httpserver.HttpServer;
import io.catga.spring.CatgaInstance;
import io.catga.spring.HealthCheck;
import io.catga.test.ManualClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class InstancesTest {

    private final ManualClock clock = ManualClock.at(Instant.EPOCH);
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    private volatile int status = 200;
    private volatile String body = "{\"status\":\"Healthy\",\"checks\":{\"NATS_Connection\":\"Healthy\"}}";
    private volatile boolean hangs;

    @SuppressWarnings("NullAway.Init") // before each test
    private HttpServer instance;

    @BeforeEach
    void startAnInstance() throws IOException {
        startAnInstance(0);
    }

    private void startAnInstance(int port) throws IOException {
        instance = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        instance.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        instance.createContext("/health", exchange -> {
            asked.incrementAndGet();
            if (hangs) {
                awaitTheEnd();
            }
            exchange.getResponseHeaders().set("X-Served-By", "cluster-order-service-2");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        instance.start();
    }

    private void awaitTheEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stopTheInstance() {
        end.countDown();
        instance.stop(0);
    }

    private Instances instances(String... services) {
        return new Instances(
                List.of(services),
                instance.getAddress().getPort(),
                new CatgaInstance("order-demo", "order-demo"),
                List.of(new HealthCheck("NATS_Connection", () -> status == 200)),
                JsonMapper.builder().build(),
                clock);
    }

    @Test
    void sayWhatEachSaysOfItself() {
        assertThat(instances("127.0.0.1").all())
                .containsExactly(new InstanceState(
                        "127.0.0.1", "cluster-order-service-2", "Healthy", Map.of("NATS_Connection", "Healthy")));
    }

    @Test
    void sayWhichOneIsUnhealthyAndWhy() {
        status = 503;
        body = "{\"status\":\"Unhealthy\",\"checks\":{\"NATS_Connection\":\"Unhealthy\"}}";

        assertThat(instances("127.0.0.1").all())
                .containsExactly(new InstanceState(
                        "127.0.0.1", "cluster-order-service-2", "Unhealthy", Map.of("NATS_Connection", "Unhealthy")));
    }

    @Test
    void nameAnInstanceThatHangsAsItCalledItselfBefore() {
        Instances instances = instances("127.0.0.1");
        instances.all();
        hangs = true;
        clock.advance(Duration.ofSeconds(2));

        assertThat(instances.all())
                .containsExactly(new InstanceState("127.0.0.1", "cluster-order-service-2", "Unreachable", Map.of()));
    }

    @Test
    void seeAnInstanceGoAndComeBack() throws IOException {
        Instances instances = instances("127.0.0.1");
        assertThat(instances.all()).extracting(InstanceState::status).containsExactly("Healthy");
        int port = instance.getAddress().getPort();
        instance.stop(0);
        clock.advance(Duration.ofSeconds(2));
        assertThat(instances.all())
                .containsExactly(new InstanceState("127.0.0.1", "cluster-order-service-2", "Unreachable", Map.of()));
        startAnInstance(port);
        clock.advance(Duration.ofSeconds(2));

        assertThat(instances.all()).extracting(InstanceState::status).containsExactly("Healthy");
    }

    @Test
    void answerInTimeHoweverManyHang() {
        Instances instances = instances("127.0.0.1", "localhost");
        hangs = true;

        assertTimeout(Duration.ofSeconds(3), instances::all);
    }

    @Test
    void forgetAnInstanceThatStaysAway() {
        Instances instances = instances("127.0.0.1");
        instances.all();
        instance.stop(0);
        clock.advance(Duration.ofMinutes(11));

        assertThat(instances.all()).noneMatch(InstanceState::isReachable);
        clock.advance(Duration.ofSeconds(2));

        assertThat(instances.all()).extracting(InstanceState::name).doesNotContain("cluster-order-service-2");
    }

    @Test
    void areAskedOnceASecondHoweverManyWantToKnow() {
        Instances instances = instances("127.0.0.1");

        for (int i = 0; i < 10; i++) {
            instances.all();
        }

        assertThat(asked).hasValue(1);
    }

    @Test
    void anAnswerThatIsNotUnderstoodIsOneAllTheSame() {
        status = 500;
        body = "<html>";

        assertThat(instances("127.0.0.1").all())
                .containsExactly(new InstanceState("127.0.0.1", "cluster-order-service-2", "Unhealthy", Map.of()));
    }

    @Test
    void aServiceThatDnsDoesNotKnowHasNone() {
        assertThat(instances("no-such-service.invalid").all()).isEmpty();
    }

    @Test
    void oneProcessIsAllOfThem() {
        assertThat(instances().all())
                .extracting(InstanceState::service, InstanceState::name, InstanceState::status)
                .containsExactly(
                        tuple("order-api", "order-demo", "Healthy"),
                        tuple("order-service", "order-demo", "Healthy"),
                        tuple("notification-service", "order-demo", "Healthy"));
        assertThat(asked).hasValue(0);
    }
}
