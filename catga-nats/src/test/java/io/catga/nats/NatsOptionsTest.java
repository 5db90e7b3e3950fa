package io.catga.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatsOptionsTest {

    private static final NatsEventOptions EVENTS = NatsEventOptions.defaults();

    @Test
    void reportsEverythingThatIsWrongWithTheConnection() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatsOptions(
                        List.of(), " ", "a..b", NatsAccess.open(), NatsRequestOptions.defaults(), EVENTS))
                .withMessage("NATS options: servers must name at least one; set catga.nats.servers; "
                        + "connectionName must not be blank; "
                        + "subjectPrefix must be words of letters, digits, _ and - with dots between, but was 'a..b'");
    }

    @Test
    void reportsABlankServer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NatsOptions.defaults().withServers(List.of("nats://one:4222", "")))
                .withMessage("NATS options: servers must not contain a blank");
    }

    @Test
    void refusesCredentialsInAnAddressWithoutRepeatingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NatsOptions.defaults().withServers(List.of("nats://me:open-sesame@one:4222")))
                .withMessage("NATS options: servers must not contain credentials; "
                        + "set catga.nats.username and catga.nats.password");
    }

    @Test
    void reportsEverythingThatIsWrongWithTheAccess() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatsAccess("me", null, "_INBOX.>", null))
                .withMessage("NATS access: username and password must be given together; "
                        + "set catga.nats.username and catga.nats.password; "
                        + "inboxPrefix must be words of letters, digits, _ and - with dots between, but was '_INBOX.>'; "
                        + "set catga.nats.inbox-prefix");
    }

    @Test
    void showsNoPassword() {
        assertThat(NatsOptions.defaults().withAccess(NatsAccess.open().withUser("me", "open-sesame")))
                .asString()
                .contains("username=me")
                .doesNotContain("sesame");
    }

    @Test
    void reportsEverythingThatIsWrongWithRequests() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new NatsRequestOptions("a b", Duration.ZERO, Duration.ofMillis(100), Duration.ofSeconds(-1), 0))
                .withMessage("NATS request options: group must be letters, digits, _, . and -, but was 'a b'; "
                        + "attemptTimeout must be positive, but was PT0S; "
                        + "progressInterval must be at most half of attemptTimeout, "
                        + "but was PT0.1S with an attemptTimeout of PT0S; "
                        + "noResponderPatience must not be negative, but was PT-1S; "
                        + "maxConcurrent must be at least 1, but was 0");
    }

    @Test
    void reportsAProgressIntervalThatIsNoTime() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NatsRequestOptions.defaults().withProgressInterval(Duration.ZERO))
                .withMessage("NATS request options: progressInterval must be positive, but was PT0S");
    }

    @Test
    void reportsEverythingThatIsWrongWithEvents() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatsEventOptions(
                        "",
                        "a.b",
                        "a.b",
                        EVENTS.site(),
                        EVENTS.retention(),
                        EVENTS.redelivery(),
                        0,
                        -1,
                        0,
                        Duration.ZERO))
                .withMessage("NATS event options: consumer must not be blank; "
                        + "stream must be letters, digits, _ and -, but was 'a.b'; "
                        + "deadLetterStream must be letters, digits, _ and -, but was 'a.b'; "
                        + "stream and deadLetterStream must differ, but both were a.b; "
                        + "prefetch must be at least 1, but was 0; "
                        + "maxConcurrent must be at least 1, but was 0; "
                        + "publishTimeout must be positive, but was PT0S");
    }

    @Test
    void reportsAPrefetchThatCouldUseUpWhatMayBePending() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EVENTS.withPrefetch(6, 11))
                .withMessage("NATS event options: prefetch must be at most half of maxAckPending, "
                        + "but was 6 with a maxAckPending of 11");
    }

    @Test
    void reportsEverythingThatIsWrongWithRetention() {
        Duration none = Duration.ZERO;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatsEventOptions.Retention(2, none, none.minusDays(1), 0, none, none))
                .withMessage("NATS event retention: replicas must be 1, 3 or 5, but was 2; set catga.nats.replicas; "
                        + "dedupWindow must be positive, but was PT0S; "
                        + "maxAge must be positive, but was PT-24H; "
                        + "dedupWindow must not exceed maxAge, but was PT0S with a maxAge of PT-24H; "
                        + "maxBytes must be at least 1, but was 0; "
                        + "deadLetterMaxAge must be positive, but was PT0S; "
                        + "consumerMaxAway must be positive, but was PT0S");
    }

    @Test
    void reportsEverythingThatIsWrongWithRedelivery() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatsEventOptions.Redelivery(
                        0, Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(-2)))
                .withMessage("NATS redelivery: maxAttempts must be at least 1, but was 0; "
                        + "firstPause must be positive, but was PT0S; "
                        + "firstPause must not exceed the longest, but was PT0S with a longest of PT-1S; "
                        + "ackWait must be positive, but was PT-2S");
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 1000", "3, 2000", "6, 16000", "7, 30000", "1000000, 30000"})
    void doublesThePauseWithEachDeliveryUpToTheLongest(int deliveries, long millis) {
        assertThat(EVENTS.redelivery().pauseAfter(deliveries)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void givesSubjectsAndStreamsTheNameOfTheSite() {
        NatsOptions here = NatsOptions.defaults().withSite("dc1", List.of("dc2"));

        assertThat(here.requestSubject("t")).isEqualTo("catga.dc1.request.t");
        assertThat(here.receivedSubjects("t")).containsExactly("catga.dc1.event.t", "catga.dc2.event.t");
        assertThat(here.events().stream()).isEqualTo("CATGA_EVENTS_dc1");
        assertThat(here.events().deadLetterStream()).isEqualTo("CATGA_DEAD_LETTERS_dc1");
        assertThat(here.events().site())
                .isEqualTo(new NatsEventOptions.Site(
                        "dc1", List.of(new NatsEventOptions.Origin("CATGA_EVENTS_dc2", "catga.dc2"))));
    }

    @Test
    void reportsEverythingThatIsWrongWithSites() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NatsOptions.defaults().withSite("dc.1", List.of("dc2", "dc2")))
                .withMessage("NATS site: a site must be letters, digits, _ and -, but was 'dc.1'; set catga.nats.site; "
                        + "each site must be named once, but they were dc.1 and [dc2, dc2]; "
                        + "set catga.nats.other-sites");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NatsOptions.defaults().withSite("dc1", List.of("dc1")))
                .withMessageContaining("each site must be named once");
    }

    @Test
    void reportsABlankCluster() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatsEventOptions.Site(" ", List.of()))
                .withMessage("NATS site: cluster must not be blank");
    }

    @Test
    void namesTheDurableConsumerAsJetStreamTakesIt() {
        assertThat(EVENTS.withConsumer("order service.1*").durable()).isEqualTo("order_service_1_");
    }
}
