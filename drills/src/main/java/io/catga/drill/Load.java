package io.catga.drill;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Clients that place orders one after the other, each at its own pace, and note what became of each. They never send a
 * request again: what fails, failed. Half of them name an idempotency key.
 *
 * <p>{@link #start} and {@link #stop} are called once each, from one thread.
 */
final class Load {

    /** Too many requests. */
    private static final int LIMITED = 429;

    private final Http http;
    private final String run;
    private final int clients;
    private final Duration pace;
    private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final List<Thread> running = new ArrayList<>();
    private final long began = System.nanoTime();
    private volatile boolean stopped;

    /**
     * @param run     begins every key and every customer of this load
     * @param perSecond requests of all clients together, as long as none has to wait for its answer
     */
    Load(Http http, String run, int clients, int perSecond) {
        this.http = http;
        this.run = run;
        this.clients = clients;
        this.pace = Duration.ofSeconds(clients).dividedBy(perSecond);
    }

    void start() {
        for (int i = 0; i < clients; i++) {
            int client = i;
            running.add(Thread.ofVirtual().name("client-" + i).start(() -> placeOrders(client)));
        }
    }

    /** Microseconds since this load was made. */
    long now() {
        return (System.nanoTime() - began) / 1000;
    }

    /** No client begins another request; returns when each has its answer. */
    List<Operation> stop() throws InterruptedException {
        stopped = true;
        for (Thread client : running) {
            client.join();
        }
        return operations.stream()
                .sorted(Comparator.comparingLong(Operation::start))
                .toList();
    }

    /** All customers of this load. */
    List<String> customers() {
        return IntStream.range(0, clients).mapToObj(this::customer).toList();
    }

    private String customer(int client) {
        return run + "-c" + client;
    }

    /** The key is the product, too: so the stored order says which request it is of. */
    static String body(String customer, String key) {
        return """
                {"customerId":"%s","items":[{"productId":"%s","quantity":2,"price":100}]}""".formatted(customer, key);
    }

    private void placeOrders(int client) {
        long next = System.nanoTime() + pace.toNanos() * client / clients;
        try {
            for (int n = 0; !stopped; n++) {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
                if (!stopped) {
                    operations.add(placeOrder("%s-%d-%d".formatted(run, client, n), client % 2 == 0, customer(client)));
                }
                // Who is late does not catch up: a client waits for its answer before it asks for more.
                next = Math.max(next + pace.toNanos(), System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Operation placeOrder(String key, boolean keySent, String customer) throws InterruptedException {
        long start = now();
        @Nullable HttpResponse<String> answer = null;
        String detail = "";
        try {
            answer = http.placeOrder(keySent ? key : null, body(customer, key));
        } catch (IOException e) {
            detail = e.toString();
        }
        long end = now();
        if (answer == null) {
            return new Operation(key, keySent, customer, start, end, Outcome.UNKNOWN, 0, detail, null, "", "");
        }
        boolean created = answer.statusCode() == 201;
        String code = created ? "" : Http.field(answer.body(), "code");
        return new Operation(
                key,
                keySent,
                customer,
                start,
                end,
                outcome(answer.statusCode()),
                answer.statusCode(),
                code,
                created ? Http.field(answer.body(), "orderId") : null,
                Http.header(answer, "X-Served-By"),
                Http.header(answer, "X-Handled-By"));
    }

    /**
     * What is wrong with a request is so at every attempt. That somebody has too much to do says nothing of an attempt
     * before, at somebody who was silent.
     */
    static Outcome outcome(int status) {
        if (status == 201) {
            return Outcome.ACKNOWLEDGED;
        }
        return status >= 400 && status < 500 && status != LIMITED ? Outcome.REFUSED : Outcome.UNKNOWN;
    }
}
