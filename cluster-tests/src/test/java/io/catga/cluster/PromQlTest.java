package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromQlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sum(rate(requests_total[1m])) by (instance)                      | requests_total",
                "histogram_quantile(0.95, sum by (le, type) (rate(x_bucket[5m]))) | x_bucket",
                "max(catga:errors:ratio_rate5m) / 0.001                           | catga:errors:ratio_rate5m",
                "max_over_time(up[5m:1m] offset 1h) == bool 0                     | up",
                "a / on (job) group_left (name) b or vector(0)                    | a b",
                "label_replace(up, \"to\", \"$1\", \"from\", \"(.*)\") * 1e3      | up",
                "sum(rate(a{x=\"y(z) by (b)\"}[1m])) unless a > +Inf              | a"
            })
    void whatIsReadIsFoundAndNothingElse(String expression, String metrics) {
        assertThat(PromQl.metrics(expression)).containsExactlyInAnyOrder(metrics.split(" "));
    }

    @Test
    void aSelectorKeepsItsMatchers() {
        assertThat(PromQl.selectors("sum(rate(a{x=~\"b{2}\", y!=\"\"}[1m])) / c unless {__name__=~\"d.*\"}"))
                .extracting(PromQl.Selector::query)
                .containsExactly("a{x=~\"b{2}\", y!=\"\"}", "c", "{__name__=~\"d.*\"}");
    }
}
