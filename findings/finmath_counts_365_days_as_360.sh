#!/usr/bin/env bash
# finmath-lib 6.0.19 reads the name of a day count in two places. To its factory "act/365" is actual days by 365; to its
# generator of schedules it is actual days by 360, and a year at 6 % costs 833 dollars a million more. "30/360" is 30E/360
# ISDA to the one and 30E/360 to the other, two days of interest apart at the end of February. Neither says anything.
# Guessed: one name, one day count; or an error.
# Java 11 or later, and Maven. Output seen, of a million at 6 %, from 31 January 2027 to 28 February or 31 January 2028:
#   act/365: factory 60000.00, schedule 60833.33; 30/360: factory 5000.00, schedule 4666.67
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>seen</groupId>
  <artifactId>seen</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>net.finmath</groupId>
      <artifactId>finmath-lib</artifactId>
      <version>6.0.19</version>
    </dependency>
  </dependencies>
</project>
XML
cat >Seen.java <<'JAVA'
import java.time.LocalDate;
import net.finmath.time.ScheduleGenerator;
import net.finmath.time.businessdaycalendar.BusinessdayCalendarExcludingWeekends;
import net.finmath.time.daycount.DayCountConventionFactory;

public class Seen {
    private static String interest(String dayCount, LocalDate end) {
        LocalDate start = LocalDate.of(2027, 1, 31);
        double factory = DayCountConventionFactory.getDayCountConvention(dayCount).getDaycountFraction(start, end);
        double schedule = ScheduleGenerator.createScheduleFromConventions(start, start, end, "tenor", dayCount, "first",
                "unadjusted", new BusinessdayCalendarExcludingWeekends(), 0, 0).getPeriodLength(0);
        return String.format("%s: factory %.2f, schedule %.2f", dayCount, 60_000 * factory, 60_000 * schedule);
    }

    public static void main(String[] arguments) {
        String seen = interest("act/365", LocalDate.of(2028, 1, 31)) + "; "
                + interest("30/360", LocalDate.of(2027, 2, 28));
        System.out.println(seen);
        if (!seen.equals("act/365: factory 60000.00, schedule 60833.33; 30/360: factory 5000.00, schedule 4666.67")) {
            System.exit(1);
        }
    }
}
JAVA
mvn --quiet --batch-mode -Dmaven.repo.local="$folder/repository" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$folder/jars"
java -Duser.language=en -cp "$folder/jars/*" Seen.java
