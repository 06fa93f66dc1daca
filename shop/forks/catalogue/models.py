from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProductAttributeValue, AbstractProductImage
from oscar.utils.models import get_image_upload_path

from portal.picture_fields import PictureField
from shop.picture_fields import ProductPictureField


class ProductImage(AbstractProductImage):
    original = ProductPictureField(_("Original"), upload_to=get_image_upload_path, max_length=255)


class Category(AbstractCategory):
    image = PictureField(_("Image"), upload_to="categories", blank=True, null=True, max_length=255)


class ProductAttributeValue(AbstractProductAttributeValue):
    value_image = PictureField(upload_to=get_image_upload_path, max_length=255, blank=True, null=True)


from oscar.apps.catalogue.models import *  # noqa: E402, F403
