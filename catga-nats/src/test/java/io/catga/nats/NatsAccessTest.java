package io.catga.nats;

import static io.catga.nats.TestInbound.answering;
import static io.catga.nats.TestInbound.message;
import static io.catga.nats.TestInbound.reacting;
import static io.catga.nats.TestInbound.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.transport.DeadLetters.Filter;
import io.catga.transport.Delivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users with passwords and permissions, against a server that asks for them. */
class NatsAccessTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private static final NatsTestServer SERVER = NatsTestServer.with("""
            authorization {
              users = [
                { user: "full", password: "full-sesame" }
                { user: "asks-only", password: "asks-sesame", permissions: {
                    publish: ["asks.request.test.other", "$JS.API.>"], subscribe: ["_INBOX.>"] } }
                { user: "no-streams", password: "no-sesame", permissions: {
                    publish: { deny: ["$JS.API.>", "*.event.>"] } } }
                { user: "permitted", password: "per-sesame", permissions: {
                    %s } }
                { user: "own-inbox", password: "own-sesame", permissions: { subscribe: ["answers-of-own.>"] } }
                { user: "no-answers", password: "no-sesame", permissions: { publish: { deny: ["_INBOX.>", "$JS.ACK.>"] } } }
              ]
            }
            """.formatted(documented()));

    private final Logged log = Logged.begin();
    private final NatsOptions system = NatsTestServer.newSystem(List.of(SERVER.url()));
    private final List<NatsPeer> peers = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        SERVER.start();
    }

    @AfterAll
    static void stopServer() {
        SERVER.stop();
    }

    @AfterEach
    void leave() throws Exception {
        for (NatsPeer peer : peers) {
            peer.leave();
        }
        log.close();
    }

    private NatsPeer begin(NatsOptions options, String user, String password) {
        NatsPeer peer = NatsPeer.begin(options.withAccess(options.access().withUser(user, password)));
        peers.add(peer);
        return peer;
    }

    private NatsPeer join(NatsOptions options, String user, String password) {
        NatsPeer peer = begin(options, user, password);
        await().atMost(SOON).until(peer.link()::isConnected);
        return peer;
    }

    private static Instant soon() {
        return Instant.now().plus(SOON);
    }

    @Test
    void requestsAndEventsReachAUserThatMayDoEverything() {
        NatsPeer peer = join(system, "full", "full-sesame");
        peer.receive(answering(text -> text + ", too"));

        assertThat(text(peer.requests().request(message("1", "hello"), soon()).payload()))
                .isEqualTo("hello, too");
        await().atMost(SOON).until(peer.events()::isActive);
        assertThat(peer.events().publish(message("2", "news"))).succeedsWithin(SOON);
        assertThat(peer.link().hearsAll()).isTrue();
    }

    private static String documented() {
        try {
            String page = Files.readString(Path.of("../docs/architecture.md"));
            return page.substring(page.indexOf("publish: ["), page.indexOf("```", page.indexOf("publish: [")))
                    .replace("<type>", TestInbound.TYPE)
                    .replace("<consumer>", "me")
                    .replace("<group>", "catga")
                    .replace("<inbox>", "answers-of-all");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that an application needs that does everything. */
    @Test
    void everythingWorksWithThePermissionsThatAreDocumented() throws Exception {
        NatsEventOptions defaults = NatsEventOptions.defaults();
        NatsOptions all = system.withSubjectPrefix(NatsOptions.defaults().subjectPrefix())
                .withEvents(system.events()
                        .withStreams(defaults.stream(), defaults.deadLetterStream())
                        .withConsumer("me"))
                .withAccess(NatsAccess.open().withInboxPrefix("answers-of-all"));
        NatsPeer answering = join(all, "permitted", "per-sesame");
        answering.receive(answering(text -> text + ", too"));
        NatsPeer reacting = join(all, "permitted", "per-sesame");
        reacting.receive(reacting((_, _) -> new Delivery.GivenUp(CatgaError.of(ErrorCode.INTERNAL, "to be expected"))));
        NatsDeadLetters letters = new NatsDeadLetters(answering.link());

        assertThat(text(answering
                        .requests()
                        .request(message("1", "hello"), soon())
                        .payload()))
                .isEqualTo("hello, too");
        assertThat(answering.events().publish(message("2", "news"))).succeedsWithin(SOON);
        await().atMost(SOON).until(() -> letters.stats().count() == 1);
        assertThat(letters.replay("1")).isTrue();
        await().atMost(SOON).until(() -> letters.find("2").isPresent());
        assertThat(letters.purge("2")).isTrue();
        assertThat(letters.purge(Filter.all())).isZero();

        assertThat(log.linesWith("the user 'permitted'")).isEmpty();
        assertThat(answering.link().hearsAll()).isTrue();
        assertThat(reacting.link().hearsAll()).isTrue();
    }

    @Test
    void aWrongPasswordIsToldOnceAndTriedRarely() {
        NatsPeer peer = begin(system, "full", "wrong-sesame");

        await().atMost(SOON).until(() -> !log.linesWith("the user 'full'").isEmpty());
        int attempts = refusedBy("full");
        await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> refusedBy("full") <= attempts + 1);

        assertThat(peer.link().isConnected()).isFalse();
        assertThat(log.linesWith("the user 'full'"))
                .singleElement()
                .asString()
                .contains("the server single refuses the user 'full' (authorization violation)")
                .contains("check catga.nats.username and catga.nats.password");
        assertThat(log.linesWith("sesame")).isEmpty();
    }

    private static int refusedBy(String user) {
        return SERVER.getLogs().split("authentication error - User \"" + user + "\"", -1).length - 1;
    }

    @Test
    void aRequestThatMayNotBePublishedFailsAtOnceAndIsToldOnce() {
        NatsPeer peer = join(system.withSubjectPrefix("asks"), "asks-only", "asks-sesame");
        String subject = "asks.request." + TestInbound.TYPE;

        for (String id : List.of("1", "2")) {
            Instant begun = Instant.now();
            assertThatThrownBy(() -> peer.requests().request(message(id, "hello"), soon()))
                    .isInstanceOfSatisfying(
                            CatgaException.class,
                            failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.INTERNAL))
                    .hasMessageContaining("NATS does not let the user 'asks-only' publish to " + subject);
            assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
        }

        assertThat(log.linesWith("publish to " + subject)).hasSize(1);
    }

    @Test
    void anEventThatMayNotBePublishedIsTriedAgainAndSaysWhy() {
        NatsPeer peer = join(system, "no-streams", "no-sesame");

        assertThat(peer.events().publish(message("1", "news")))
                .failsWithin(Duration.ofSeconds(3))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        CatgaException.class,
                        failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .withMessageContaining("NATS does not let the user 'no-streams' do it");
    }

    @Test
    void aCallOfJetStreamThatIsNotPermittedSaysSo() {
        NatsPeer peer = join(system, "no-streams", "no-sesame");
        String call = "$JS.API.STREAM.INFO." + system.events().stream();

        await().atMost(SOON)
                .until(() -> !log.linesWith("The event streams are not ready, trying on: NATS does not let the user "
                                + "'no-streams' publish to " + call)
                        .isEmpty());
        assertThatThrownBy(new NatsDeadLetters(peer.link())::stats)
                .hasMessageContaining("NATS does not let the user 'no-streams' publish to $JS.API.STREAM.INFO.");
        assertThatThrownBy(() -> new NatsStreamStates(peer.link()).ask(system.events().stream()))
                .hasMessageContaining("NATS does not let the user 'no-streams' publish to $JS.API.STREAM.INFO.");
        assertThat(log.linesWith("publish to " + call + ";")).hasSize(1);
    }

    @Test
    void aSubscriptionThatIsNotPermittedIsToldAndLeavesTheLinkDeaf() {
        NatsPeer peer = join(system.withSubjectPrefix("deaf"), "asks-only", "asks-sesame");
        assertThat(peer.link().hearsAll()).isTrue();

        peer.beginToReceive(answering(text -> text));

        await().atMost(SOON).until(() -> !peer.link().hearsAll());
        assertThat(log.linesWith(
                        "NATS does not let the user 'asks-only' subscribe to deaf.request." + TestInbound.TYPE))
                .hasSize(1);
    }

    @Test
    void answersArriveBelowTheInboxPrefixThatTheUserMayRead() {
        NatsPeer handler = join(system, "full", "full-sesame");
        handler.receive(answering(text -> text + ", too"));
        NatsPeer peer =
                join(system.withAccess(NatsAccess.open().withInboxPrefix("answers-of-own")), "own-inbox", "own-sesame");

        assertThat(text(peer.requests().request(message("1", "hello"), soon()).payload()))
                .isEqualTo("hello, too");
        await().atMost(SOON).until(peer.events()::isActive);
        assertThat(peer.link().hearsAll()).isTrue();
    }

    @Test
    void answersThatTheUserMayNotReadAreTold() {
        NatsPeer peer = join(system, "own-inbox", "own-sesame");

        await().atMost(SOON).until(() -> !peer.link().hearsAll());
        assertThat(log.linesWith("NATS does not let the user 'own-inbox' subscribe to _INBOX.>"))
                .hasSize(1);
    }

    /** Each answer and each acknowledgement has a subject of its own. */
    @Test
    void whatIsRefusedAtManySubjectsOfOneKindIsToldOnce() {
        NatsPeer asking = join(system, "full", "full-sesame");
        NatsPeer handler = join(system, "no-answers", "no-sesame");
        handler.receive(reacting((_, _) -> new Delivery.Handled()));
        await().atMost(SOON).until(asking.events()::isActive);
        List.of("1", "2", "3")
                .forEach(id -> asking.events().publish(message(id, "news")).join());

        String permission = "$JS.ACK.%s.%s.>"
                .formatted(system.events().stream(), system.events().durable());
        await().atMost(SOON).until(() -> !log.linesWith(permission).isEmpty());
        await().during(Duration.ofSeconds(1))
                .until(() -> log.linesWith("$JS.ACK.").size() == 1);
    }

    @Test
    void namesWhatIsToBePermitted() {
        assertThat(Refusals.toPermit("_INBOX.OKyUzOZimYeOazsOWBJxY9.5k")).isEqualTo("_INBOX.>");
        assertThat(Refusals.toPermit("answers.of-api.OKyUzOZimYeOazsOWBJxY9.*")).isEqualTo("answers.of-api.>");
        assertThat(Refusals.toPermit("$JS.ACK.EVENTS.me.1.5.5.1732000000000000000.0"))
                .isEqualTo("$JS.ACK.EVENTS.me.>");
        assertThat(Refusals.toPermit("catga.request.orders.create-order"))
                .isEqualTo("catga.request.orders.create-order");
    }
}
