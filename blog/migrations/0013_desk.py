import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0012_series"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="page",
            name="blog_page_purpose_once",
        ),
        migrations.AddField(
            model_name="page",
            name="trashed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="thrown away by",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="page",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="presences",
                to="blog.page",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="logo_dark",
            field=models.ForeignKey(
                blank=True,
                help_text="For who reads light on dark. Empty: the same picture.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="blog.image",
                verbose_name="logo on dark",
            ),
        ),
        migrations.AddField(
            model_name="workingcopy",
            name="page",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="working_copies",
                to="blog.page",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="trashed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="thrown away"
            ),
        ),
        migrations.AddField(
            model_name="workingcopy",
            name="kind",
            field=models.CharField(
                choices=[("article", "Article"), ("page", "Page")],
                db_default="article",
                default="article",
                max_length=7,
            ),
        ),
        migrations.AlterField(
            model_name="presence",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="presences",
                to="blog.article",
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                help_text="Shown beside the title, 32 pixels high.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="blog.image",
                verbose_name="logo",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("purpose", ""), _negated=True), ("trashed_at", None)),
                fields=("purpose", "language"),
                name="blog_page_purpose_once",
                violation_error_message="There is a page for that purpose already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                fields=("page", "user"), name="blog_presence_page_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.CheckConstraint(
                condition=models.Q(("article", None), ("page", None), _connector="XOR"),
                name="blog_presence_of_one",
            ),
        ),
        migrations.AddField(
            model_name="page",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        language="en",
                        then=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.SearchVector(
                                        "title", config="weerwoord_en", weight="A"
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        "body_text", config="weerwoord_en", weight="C"
                                    ),
                                    django.contrib.postgres.search.SearchConfig("weerwoord_en"),
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    "title", config="weerwoord_simple", weight="A"
                                ),
                                django.contrib.postgres.search.SearchConfig("weerwoord_en"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                "body_text", config="weerwoord_simple", weight="D"
                            ),
                            django.contrib.postgres.search.SearchConfig("weerwoord_en"),
                        ),
                    ),
                    default=django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.SearchVector(
                                    "title", config="weerwoord_nl", weight="A"
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    "body_text", config="weerwoord_nl", weight="C"
                                ),
                                django.contrib.postgres.search.SearchConfig("weerwoord_nl"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                "title", config="weerwoord_simple", weight="A"
                            ),
                            django.contrib.postgres.search.SearchConfig("weerwoord_nl"),
                        ),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            "body_text", config="weerwoord_simple", weight="D"
                        ),
                        django.contrib.postgres.search.SearchConfig("weerwoord_nl"),
                    ),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="page",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="blog_page_search"
            ),
        ),
    ]
