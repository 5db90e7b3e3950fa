package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.cluster.HostileRequest.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostileRequestsTest {

    private static final int MANY = 10_000;

    private static final HostileRequests REQUESTS = new HostileRequests(7, "run");
    private static final List<HostileRequest> ALL =
            IntStream.range(0, MANY).mapToObj(REQUESTS::get).toList();

    private static Stream<HostileRequest> all(Predicate<HostileRequest> which) {
        return ALL.stream().filter(which);
    }

    @Test
    void theSameSeedAndNumberMakeTheSameRequest() {
        HostileRequests again = new HostileRequests(7, "run");
        HostileRequests other = new HostileRequests(8, "run");

        // backwards: none depends on what was made before it
        int different = 0;
        for (int number = MANY - 1; number >= 0; number--) {
            HostileRequest request = ALL.get(number);
            assertThat(again.get(number).bytes()).isEqualTo(request.bytes());
            different += Arrays.equals(other.get(number).bytes(), request.bytes()) ? 0 : 1;
        }
        assertThat(different).isGreaterThan(MANY * 9 / 10);
    }

    @Test
    void eachKindHasItsShareOnEachWayIn() {
        Map<Kind, Long> balancer = all(HostileRequest::throughBalancer)
                .collect(Collectors.groupingBy(HostileRequest::kind, Collectors.counting()));
        Map<Kind, Long> direct = all(request -> !request.throughBalancer())
                .collect(Collectors.groupingBy(HostileRequest::kind, Collectors.counting()));

        for (Kind kind : Kind.values()) {
            assertThat(balancer.getOrDefault(kind, 0L) / 70.0)
                    .as("%s, balancer", kind)
                    .isBetween(kind.share * 0.8, kind.share * 1.2);
            assertThat(direct.getOrDefault(kind, 0L) / 30.0)
                    .as("%s, direct", kind)
                    .isBetween(kind.share * 0.7, kind.share * 1.3);
        }
        assertThat(Stream.of(Kind.values()).mapToInt(kind -> kind.share).sum()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKindHasManyRequestsThatDiffer(Kind kind) {
        long made = all(request -> request.kind() == kind).count();
        long different = all(request -> request.kind() == kind)
                .map(HostileRequestsTest::text)
                .distinct()
                .count();

        assertThat(different).isGreaterThan(made / 5);
    }

    /** Otherwise nobody would notice an order that must not be. */
    @Test
    void whatMustNotBeAnOrderIsTheRefusedCustomers() {
        assertThat(all(request -> request.kind() == Kind.BODY && !request.orderable()))
                .hasSizeGreaterThan(MANY / 5)
                .noneMatch(request -> text(request).contains(REQUESTS.taken()));
        assertThat(all(HostileRequest::orderable))
                .hasSizeGreaterThan(MANY / 10)
                .noneMatch(request -> text(request).contains(REQUESTS.refused()));
    }

    @Test
    void theyTryToLeaveTracesAndStaySmall() {
        assertThat(all(request -> text(request).contains(HostileTexts.FORGED_LINE + REQUESTS.mark())))
                .hasSizeGreaterThan(MANY / 200);
        assertThat(all(request -> text(request).contains("X-Injected"))).hasSizeGreaterThan(MANY / 200);
        // larger bodies have a test of their own
        assertThat(ALL).allMatch(request -> request.bytes().length < 80_000);
    }

    private static String text(HostileRequest request) {
        return new String(request.bytes(), StandardCharsets.ISO_8859_1);
    }
}
