package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.drill.SiteFault.Notes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may handle an order of dc1, and when: it was broken in the third second, and all was well in the sixth. */
class SiteExerciseTest {

    private static final long SECOND = 1_000_000;
    private static final DataCentre HOME = new DataCentre("dc1", "dc2", "", new Http(""));

    private static History handledBy(String instance, long second) {
        return handledBy(instance, second * SECOND, second * SECOND + 1);
    }

    private static History handledBy(String instance, long start, long end) {
        Operation order =
                new Operation("key", true, "c", start, end, Outcome.ACKNOWLEDGED, 201, "", "order", "", instance);
        return new History(List.of(order), 3 * SECOND, 5 * SECOND, 6 * SECOND);
    }

    private static Optional<String> complaint(History history, boolean allowed) {
        return SiteExercise.handledElsewhere(HOME, history, allowed, new Notes(new ArrayList<>(), new ArrayList<>()));
    }

    @ParameterizedTest
    @CsvSource({
        "dc1-order-service-1, 1, false, true",
        "dc1-order-service-2, 4, true, true",
        "dc2-standby-for-dc1, 4, true, true",
        "dc2-standby-for-dc1, 4, false, false",
        "dc2-standby-for-dc1, 1, true, false",
        "dc2-standby-for-dc1, 7, true, false",
        "dc2-order-service-1, 4, true, false",
    })
    void anOrderIsHandledAtHomeOrByWhoStandsInWhileItMay(String instance, long second, boolean allowed, boolean good) {
        assertThat(complaint(handledBy(instance, second), allowed).isEmpty()).isEqualTo(good);
    }

    @Test
    void anOrderThatIsOnItsWayWhenTheyGoAwayMayBeHandledByWhoStandsIn() {
        assertThat(complaint(handledBy("dc2-standby-for-dc1", 2 * SECOND, 4 * SECOND), true))
                .isEmpty();
    }

    @Test
    void saysHowManyWereHandledWhere() {
        Notes notes = new Notes(new ArrayList<>(), new ArrayList<>());

        SiteExercise.handledElsewhere(HOME, handledBy("dc2-standby-for-dc1", 4), true, notes);

        assertThat(notes.told())
                .containsExactly("0 of 1 orders of dc1 were handled there, the others by dc2-standby-for-dc1");
    }
}
