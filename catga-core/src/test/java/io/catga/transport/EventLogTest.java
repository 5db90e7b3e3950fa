package io.catga.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private final EventLog log = new EventLog(3);

    private void append(String... ids) {
        for (String id : ids) {
            log.append(new WireMessage("test.event", id, Map.of(), new byte[0]));
        }
    }

    private String idAt(long number) {
        WireMessage event = log.at(number);
        return event == null ? "none" : event.messageId();
    }

    @Test
    void keepsEachIdOnce() {
        append("a", "b", "a");

        assertThat(idAt(0)).isEqualTo("a");
        assertThat(idAt(1)).isEqualTo("b");
        assertThat(idAt(2)).isEqualTo("none");
    }

    @Test
    void keepsTheLastOnesUnderTheirNumbers() {
        append("a", "b", "c", "d", "e");

        assertThat(log.first()).isEqualTo(2);
        assertThat(idAt(2)).isEqualTo("c");
        assertThat(idAt(4)).isEqualTo("e");
        assertThat(idAt(5)).isEqualTo("none");
    }

    @Test
    void knowsAnIdAsLongAsItsEventIsKept() {
        append("a", "b", "c", "d", "a");

        assertThat(log.first()).isEqualTo(2);
        assertThat(idAt(4)).isEqualTo("a");
    }
}
