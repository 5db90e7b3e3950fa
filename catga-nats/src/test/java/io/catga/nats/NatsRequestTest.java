package io.catga.nats;

import static io.catga.nats.TestInbound.TYPE;
import static io.catga.nats.TestInbound.answering;
import static io.catga.nats.TestInbound.message;
import static io.catga.nats.TestInbound.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.TransportHeaders;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.nats.client.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What requests over NATS do beyond the kit: when messages, connections and receivers are lost. */
class NatsRequestTest {

    /** For what takes no waiting; the machine may be busy. All that could be waited for takes far longer here. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String TOO_LARGE = "x".repeat(1 << 20);

    private final NatsTestServer server = NatsTestServer.shared();
    private final NatsOptions system = NatsTestServer.newSystem(List.of(server.url()));
    private final CuttableProxy proxy = new CuttableProxy(server);
    private final NatsOptions throughProxy = system.withServers(List.of(proxy.url()));
    private final NatsRequestOptions endlessPatience = system.requests().withAttemptTimeout(DEADLINE);
    private final List<NatsPeer> peers = new ArrayList<>();

    @AfterEach
    void leave() throws Exception {
        for (NatsPeer peer : peers) {
            peer.leave();
        }
        proxy.close();
    }

    private NatsPeer join(NatsOptions options) {
        NatsPeer peer = NatsPeer.join(options);
        peers.add(peer);
        return peer;
    }

    private NatsPeer begin(NatsOptions options) {
        NatsPeer peer = NatsPeer.begin(options);
        peers.add(peer);
        return peer;
    }

    private static WireReply send(NatsPeer from, WireMessage request) {
        return from.requests().request(request, Instant.now().plus(DEADLINE));
    }

    private static String ask(NatsPeer from, String text) {
        return text(send(from, message("id-" + text, text)).payload());
    }

    private static CatgaError failure(NatsPeer from, String text) {
        return requireNonNull(catchThrowableOfType(CatgaException.class, () -> ask(from, text)))
                .error();
    }

    private static Duration since(Instant begun) {
        return Duration.between(begun, Instant.now());
    }

    @Test
    void asksAnotherMemberWhenOneIsSilent() throws Exception {
        join(system).receive(answering(text -> text));
        NatsPeer client = join(system);
        List<String> texts = IntStream.range(0, 30).mapToObj(Integer::toString).toList();

        List<String> answers = server.ask(dead -> {
            dead.createDispatcher(_ -> {})
                    .subscribe(system.requestSubject(TYPE), system.requests().group());
            dead.flush(SOON);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<CompletableFuture<String>> sent = texts.stream()
                        .map(text -> CompletableFuture.supplyAsync(() -> ask(client, text), threads))
                        .toList();
                return sent.stream().map(CompletableFuture::join).toList();
            }
        });

        assertThat(answers).isEqualTo(texts);
        assertThat(client.requests().repeatedAttempts()).isPositive();
    }

    @Test
    void countsHowOftenItsConnectionCameBack() {
        proxy.open();
        NatsPeer peer = join(throughProxy);
        assertThat(peer.link().reconnects()).isZero();

        proxy.cut();

        await().atMost(SOON).until(() -> peer.link().reconnects() == 1);
        assertThat(peer.link().isConnected()).isTrue();
    }

    @Test
    void saysHowManyRequestsItHasInHandAndHowManyItCanHave() {
        CountDownLatch end = new CountDownLatch(1);
        NatsPeer peer = join(system.withRequests(endlessPatience.withMaxConcurrent(7)));
        peer.receive(answering(text -> {
            await().until(() -> end.getCount() == 0);
            return text;
        }));
        NatsRequestReceiver receiver = peer.requestReceiver();
        assertThat(receiver.inFlight()).isZero();
        assertThat(receiver.maxInFlight()).isEqualTo(7);

        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(peer, "hello"));

        await().atMost(SOON).until(() -> receiver.inFlight() == 1);
        end.countDown();
        assertThat(answer).succeedsWithin(SOON).isEqualTo("hello");
        await().atMost(SOON).until(() -> receiver.inFlight() == 0);
    }

    @Test
    void numbersTheAttemptsBehindTheFirst() throws Exception {
        NatsPeer client = join(system);
        List<String> numbers = new CopyOnWriteArrayList<>();

        server.ask(member -> {
            member.createDispatcher(request -> {
                        String number = request.getHeaders().getFirst(TransportHeaders.ATTEMPT);
                        numbers.add(String.valueOf(number));
                        if (numbers.size() == 3) {
                            member.publish(request.getReplyTo(), request.getData());
                        }
                    })
                    .subscribe(system.requestSubject(TYPE), system.requests().group());
            member.flush(SOON);
            return ask(client, "hello");
        });

        assertThat(numbers).containsExactly("null", "2", "3");
    }

    @Test
    void asksAgainOverTheNextConnectionWhenOneBreaksWhileItWaits() {
        AtomicInteger calls = new AtomicInteger();
        proxy.open();
        NatsPeer client = join(throughProxy.withRequests(endlessPatience));
        join(system).receive(answering(text -> {
            if (calls.incrementAndGet() == 1) {
                proxy.cut();
                await().atMost(SOON).until(() -> calls.get() > 1);
            }
            return text;
        }));

        Instant begun = Instant.now();

        assertThat(ask(client, "hello")).isEqualTo("hello");
        assertThat(since(begun)).isLessThan(AT_ONCE);
        assertThat(client.requests().repeatedAttempts()).isEqualTo(1);
    }

    @Test
    void keepsAnAnswerUntilItsReceiverIsConnectedAgain() {
        AtomicInteger calls = new AtomicInteger();
        proxy.open();
        NatsPeer receiver = join(throughProxy);
        receiver.receive(answering(text -> {
            calls.incrementAndGet();
            proxy.shut();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> !receiver.link().isConnected());
            return text;
        }));
        NatsPeer client = join(system.withRequests(endlessPatience));

        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(client, "hello"));
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> calls.get() == 1 && !receiver.link().isConnected());
        proxy.open();

        assertThat(answer).succeedsWithin(AT_ONCE).isEqualTo("hello");
        assertThat(calls).hasValue(1);
    }

    /** The client subscribed again by itself, for an application that had begun to close its database. */
    @Test
    void takesNothingAfterItWasStoppedWithoutAConnection() throws Exception {
        proxy.open();
        NatsLink link = join(throughProxy).link();
        NatsRequestReceiver receiver = new NatsRequestReceiver(link, answering(text -> text));
        receiver.start();
        await().atMost(SOON).until(receiver::isActive);
        proxy.shut();
        await().atMost(SOON).until(() -> !link.isConnected());

        receiver.stop(SOON);
        proxy.open();
        await().atMost(SOON).until(link::isConnected);

        assertThat(failure(join(system), "hello").code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void saysUnavailableAfterItsPatienceWhenNobodyHasSubscribed() {
        NatsPeer client = join(system);

        Instant begun = Instant.now();
        CatgaError error = failure(client, "hello");

        assertThat(since(begun)).isBetween(system.requests().noResponderPatience(), AT_ONCE);
        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error.message()).isEqualTo("nobody handles test.message now");
        assertThat(error.retryAfter()).isPositive();
        assertThat(client.requests().repeatedAttempts()).isGreaterThan(5);
    }

    @Test
    void showsEachFurtherAttemptInTheSpanOfItsSender() {
        NatsPeer client = join(system);
        SimpleTracer tracer = new SimpleTracer();
        NatsRequestTransport requests = new NatsRequestTransport(client.link(), tracer);
        SimpleSpan span = tracer.nextSpan().start();

        try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
            assertThatThrownBy(() -> requests.request(
                            message("id-1", "anybody?"), Instant.now().plus(DEADLINE)))
                    .isInstanceOf(CatgaException.class);
        }

        assertThat(span.getEvents())
                .hasSize((int) requests.repeatedAttempts())
                .extracting(Map.Entry::getValue)
                .startsWith("attempt 2: nobody was there to take it", "attempt 3: nobody was there to take it");
    }

    @Test
    void saysUnavailableAfterItsPatienceWhenThereIsNoConnection() {
        NatsPeer client = begin(throughProxy);

        Instant begun = Instant.now();
        CatgaError error = failure(client, "hello");

        assertThat(since(begun)).isBetween(system.requests().noResponderPatience(), AT_ONCE);
        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error.message()).isEqualTo("there is no connection to NATS");
        assertThat(error.retryAfter()).isPositive();
    }

    @Test
    void findsAReceiverThatComesWithinItsPatience() {
        NatsPeer client = join(system);
        NatsPeer receiver = join(system);
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(client, "hello"));
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> client.requests().repeatedAttempts() > 0);

        receiver.receive(answering(text -> text));

        assertThat(answer).succeedsWithin(AT_ONCE).isEqualTo("hello");
    }

    @Test
    void answersAMessageAtOnceThatIsNotOneOfCatgas() throws Exception {
        join(system).receive(answering(text -> text));

        Message answer = server.ask(stranger ->
                requireNonNull(stranger.request(system.requestSubject(TYPE), new byte[] {1, 2, 3}, AT_ONCE)));

        assertThat(WireHeaders.reply(answer).headers()).containsEntry("Outcome", "UNREADABLE");
        assertThat(text(answer.getData())).contains(WireHeaders.MESSAGE_ID);
    }

    @Test
    void answersUnreadableAtOnceInsteadOfAnAnswerThatIsTooLarge() {
        AtomicInteger calls = new AtomicInteger();
        join(system).receive(answering(_ -> {
            calls.incrementAndGet();
            return TOO_LARGE;
        }));

        WireReply reply = send(join(system.withRequests(endlessPatience)), message("id-1", "hello"));

        assertThat(reply.headers()).containsEntry("Outcome", "UNREADABLE");
        assertThat(text(reply.payload())).contains("the answer to test.message has 1048576 bytes", "max_payload");
        assertThat(calls).hasValue(1);
    }

    @Test
    void saysUnreadableAtOnceForARequestThatIsTooLarge() {
        NatsPeer client = join(system);

        Instant begun = Instant.now();
        CatgaError error = failure(client, TOO_LARGE);

        assertThat(since(begun)).isLessThan(system.requests().noResponderPatience());
        assertThat(error.code()).isEqualTo(ErrorCode.UNREADABLE);
        assertThat(error.message()).contains("the request test.message has 1048576 bytes", "max_payload");
    }

    @Test
    void saysUnreadableAlsoWhenItLearnsTheLimitOnlyWithTheConnection() {
        NatsOptions patient = throughProxy.withRequests(system.requests().withNoResponderPatience(DEADLINE));
        NatsPeer client = begin(patient);
        CompletableFuture<CatgaError> error = CompletableFuture.supplyAsync(() -> failure(client, TOO_LARGE));
        await().during(Duration.ofMillis(300)).until(() -> !error.isDone());

        proxy.open();

        assertThat(error).succeedsWithin(AT_ONCE).returns(ErrorCode.UNREADABLE, CatgaError::code);
    }

    @Test
    void connectsByItselfWhenTheServerCanBeReachedOnlyLater() {
        NatsPeer receiver = begin(throughProxy);
        receiver.beginToReceive(answering(text -> text));
        NatsPeer client = begin(throughProxy);
        await().during(Duration.ofMillis(500)).until(() -> !client.link().isConnected() && !receiver.isReceiving());

        proxy.open();

        await().atMost(AT_ONCE).until(() -> client.link().isConnected() && receiver.isReceiving());
        assertThat(client.link().connectedServer()).isEqualTo("single");
        assertThat(ask(client, "hello")).isEqualTo("hello");
        await().atMost(SOON).until(client.events()::isActive);
    }

    @Test
    void connectsAnewWhenAConnectionWasClosedForGood() throws Exception {
        NatsPeer receiver = join(system);
        receiver.receive(answering(text -> text));
        NatsPeer client = join(system);

        for (NatsPeer peer : List.of(receiver, client)) {
            requireNonNull(peer.link().connection()).close();
            await().atMost(AT_ONCE).until(peer.link()::isConnected);
        }

        assertThat(ask(client, "hello")).isEqualTo("hello");
    }

    @Test
    void leavesNoConnectionBehindThatCouldNotBePrepared() {
        proxy.open();
        NatsLink link = new NatsLink(throughProxy);
        AtomicInteger connections = new AtomicInteger();
        link.onConnection(_ -> {
            connections.incrementAndGet();
            throw new IllegalArgumentException("to be expected");
        });
        link.start();

        await().atMost(SOON).until(() -> connections.get() > 4);
        assertThat(proxy.connections()).isLessThanOrEqualTo(2);
        link.close();
    }

    @Test
    void leavesNoConnectionBehindWhenItIsClosedWhileItConnects() {
        proxy.open();
        for (int number = 0; number < 10; number++) {
            NatsLink link = new NatsLink(throughProxy);
            link.start();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(SOON)
                    .until(() -> proxy.connections() > 0);
            link.close();
            await().atMost(AT_ONCE).until(() -> proxy.connections() == 0);
        }
    }
}
