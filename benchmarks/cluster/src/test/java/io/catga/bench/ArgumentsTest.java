package io.catga.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

    private static final List<String> KNOWN = List.of("closed", "rate", "reads");

    @Test
    void nothingMeansEverything() throws Exception {
        Arguments arguments = parse();

        assertThat(arguments.scenarios()).isEqualTo(KNOWN);
        assertThat(arguments.clients()).containsExactly(8, 32, 64, 128);
        assertThat(arguments.rounds()).isEqualTo(3);
        assertThat(arguments.warmUp()).isEqualTo(60);
        assertThat(arguments.record()).isFalse();
        assertThat(arguments.forget()).isFalse();
    }

    @Test
    void everythingCanBeSaid() throws Exception {
        Arguments arguments = parse(
                ("--seconds 5 --rounds 1 --clients 4,16 --rates 100,22.5 --warm-up 0 --stored 5000 --quota 0.25 --record"
                                + " --forget rate closed")
                        .split(" "));

        assertThat(arguments)
                .isEqualTo(new Arguments(
                        5,
                        1,
                        List.of(4, 16),
                        List.of(100.0, 22.5),
                        0,
                        5000,
                        0.25,
                        true,
                        true,
                        List.of("closed", "rate")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --seconds 0      | --seconds must be a whole number from 1 to 3600, but was '0'
            --seconds soon   | --seconds must be a whole number from 1 to 3600, but was 'soon'
            --rounds         | --rounds needs a value
            --clients 8,,2   | --clients must be a whole number from 1 to 1000, but was ''
            --rates -1       | --rates must be numbers above 0, but was '-1'
            --quota 0.001    | at least 0.01
            --fast           | there is no option '--fast'
            faster           | there is no scenario 'faster'; there are closed, rate, reads
            """)
    void whatIsWrongIsSaidInASentence(String words, String sentence) {
        assertThatThrownBy(() -> parse(words.split(" ")))
                .isInstanceOf(Arguments.Wrong.class)
                .hasMessageContaining(sentence);
    }

    private static Arguments parse(String... words) throws Arguments.Wrong {
        return Arguments.parse(List.of(words), KNOWN);
    }
}
