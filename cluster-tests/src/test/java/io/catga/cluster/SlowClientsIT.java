package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that hold their connections, two hundred at a time, while others go on as if they were alone. */
@ClusterTest
class SlowClientsIT {

    private static final int CLIENTS = 200;
    /**
     * In which everybody lets go of who says or takes nothing. Tomcat answers after ten seconds, and waits as long again for
     * the rest of a body. Then time for that on busy cores.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(20).plusSeconds(5);
    /** So many ask for a large answer at the same time: more would be refused. */
    private static final int AT_ONCE = 20;

    private static final int WARNINGS = 20;
    private static final int LARGE_ORDERS = 20;

    private final Instant begin = Instant.now();
    private final List<Socket> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private Vitals before;

    @BeforeEach
    void look() {
        before = Vitals.now();
    }

    @AfterEach
    void nobodyWasHarmed() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        before.assertUnharmed();
        ClusterLogs.assertClean(begin, WARNINGS);
        Cluster.awaitHealthy();
    }

    /** Half of them through the load balancer, half at one instance, each with this much of a request. */
    private void open(int count, String request) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(RawHttp.open(port(i), HostileFrames.bytes(request)));
        }
    }

    @Test
    void whoSendsHeadersOrBodiesTooSlowlyIsLetGo() throws Exception {
        String body = "POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        Instant opened = Instant.now();
        try (GoodCustomers others = new GoodCustomers(Orders.API_PORTS)) {
            open(CLIENTS, "GET /api/orders HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            open(CLIENTS / 2, body + "Content-Length: 65536\r\n\r\n{" + " ".repeat(65_000));
            open(CLIENTS / 2, body + "Transfer-Encoding: chunked\r\n\r\nffff\r\n{" + " ".repeat(65_000));
            others.awaitOrders(20);
            // a byte a second does not help: a header has its time as a whole
            await().pollInterval(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> refusesMore(clients.getFirst()));

            for (Socket client : clients) {
                Duration left = PATIENCE.minus(Duration.between(opened, Instant.now()));
                assertThat(endsWithin(client, left)).as("the connection ends").isTrue();
            }
            others.assertServed();
        }
    }

    private static boolean refusesMore(Socket client) {
        try {
            client.getOutputStream().write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean endsWithin(Socket client, Duration left) throws IOException {
        client.setSoTimeout(Math.toIntExact(Math.max(1, left.toMillis())));
        try {
            client.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** What they have not taken is kept by somebody: by none who has not room for it. */
    @Test
    void whoTakesALargeAnswerTooSlowlyHoldsUpNobody() throws Exception {
        String customer = Orders.someCustomer();
        placeLargeOrders(customer);
        String request = "GET /api/orders?limit=100&customerId=" + customer + " HTTP/1.1\r\nHost: x\r\n\r\n";
        try (GoodCustomers others = new GoodCustomers(Orders.API_PORTS)) {
            while (clients.size() < CLIENTS) {
                for (Socket client : ask(AT_ONCE, request)) {
                    assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1))
                            .isEqualTo("HTTP/1.1 200");
                }
            }
            others.awaitOrders(20);
            others.assertServed();
        }
    }

    /** Clients that take little of an answer: what they do not take stays with the server. */
    private List<Socket> ask(int count, String request) throws IOException {
        int from = clients.size();
        for (int i = 0; i < count; i++) {
            Socket client = new Socket();
            clients.add(client);
            client.setReceiveBufferSize(1024);
            client.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            client.connect(new InetSocketAddress("127.0.0.1", port(i)));
            client.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        }
        return clients.subList(from, clients.size());
    }

    private static int port(int client) {
        return client % 2 == 0 ? RawHttp.BALANCER_PORT : Orders.API_PORTS.get(1);
    }

    private static void placeLargeOrders(String customer) throws Exception {
        String line = "{\"productId\":\"" + "p".repeat(64) + "\",\"quantity\":1,\"price\":1}";
        String body = "{\"customerId\":\"" + customer + "\",\"items\":["
                + String.join(",", Collections.nCopies(100, line)) + "]}";
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            Callable<Integer> order =
                    () -> Orders.place(Orders.BALANCER, UUID.randomUUID().toString(), body)
                            .statusCode();
            for (Future<Integer> placed : workers.invokeAll(Collections.nCopies(LARGE_ORDERS, order))) {
                assertThat(placed.get()).isEqualTo(201);
            }
        }
    }
}
