package io.catga.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventTest {

    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final Instant SINCE = NOW.minus(Duration.ofHours(1));
    private static final String SUBJECT = "catga.event.orders.order-created";

    private static Event event(String subject, String cause, Instant created) {
        return new Event(7, subject, Optional.of(cause), Optional.of(created));
    }

    private static List<Long> early(Event event) {
        return Event.early(List.of(event), Set.of("known"), SINCE);
    }

    @Test
    void readsWhatJetStreamSaysAboutAMessage() {
        String headers = "NATS/1.0\r\nNats-Msg-Id: x\r\nCatga-Causation-Id: key-1\r\n"
                + "Catga-Message-Id: 01a226aa-be10-7925-9176-772ca061e222\r\n\r\n";

        Event event = Event.read(Archive.JSON
                .createObjectNode()
                .put("seq", 12)
                .put("subject", SUBJECT)
                .put("hdrs", Base64.getEncoder().encodeToString(headers.getBytes(StandardCharsets.UTF_8))));

        assertThat(event.place()).isEqualTo(12);
        assertThat(event.subject()).isEqualTo(SUBJECT);
        assertThat(event.cause()).contains("key-1");
        assertThat(event.created()).contains(Instant.ofEpochMilli(0x01a226aabe10L));
    }

    @Test
    void anIdWithoutATimeHasNone() {
        String headers = "NATS/1.0\r\nCatga-Message-Id: my-own-id\r\n\r\n";

        assertThat(Event.read(Archive.JSON
                                .createObjectNode()
                                .put(
                                        "hdrs",
                                        Base64.getEncoder().encodeToString(headers.getBytes(StandardCharsets.UTF_8))))
                        .created())
                .isEmpty();
    }

    @Test
    void anEventWhoseCauseIsNotInTheDumpCameAfterIt() {
        assertThat(early(event(SUBJECT, "unknown", NOW))).containsExactly(7L);
    }

    @Test
    void anEventWhoseCauseIsInTheDumpIsKept() {
        assertThat(early(event(SUBJECT, "known", NOW))).isEmpty();
    }

    /** It may have waited in the outbox for longer than the record of its cause is kept. */
    @Test
    void anEventThatWasMadeLongAgoIsKept() {
        assertThat(early(event(SUBJECT, "unknown", SINCE.minusSeconds(1)))).isEmpty();
    }

    @Test
    void anEventThatIsHandedAgainIsKept() {
        assertThat(early(event("catga.event._replay.cluster-notification-service-1", "unknown", NOW)))
                .isEmpty();
    }

    @Test
    void whatDoesNotSayWhereItCameFromIsKept() {
        assertThat(early(new Event(7, SUBJECT, Optional.empty(), Optional.of(NOW))))
                .isEmpty();
        assertThat(early(new Event(7, SUBJECT, Optional.of("unknown"), Optional.empty())))
                .isEmpty();
    }
}
